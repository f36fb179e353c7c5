// Prepaid keys on this machine: made here, kept in a file of their own before they are paid for, so that no crash loses a paid one.
// It must not know who pays.

import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Hex, sha256, utf8 } from "@openledger/protocol";
import { unusable, usage } from "../errors.js";
import { readSmall } from "./walletFile.js";

export type ApiKey = {
	readonly key: string /** What the node knows of it: the SHA-256 of its text. */;
	readonly hash: Hex;
	readonly file: string;
};

/** `olk_` and 32 random bytes, in a new file readable by its owner alone; by default in the home's `api-keys`. */
export function newApiKey(home: string, file?: string): ApiKey {
	const key = `olk_${randomBytes(32).toString("base64url")}`;
	const hash = sha256(utf8(key));
	const path = file ?? join(home, "api-keys", `${hash.slice(2, 10)}.txt`);
	try {
		mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
		const handle = openSync(path, "wx", 0o600);
		try {
			writeSync(handle, `${key}\n`);
			fsyncSync(handle);
		} finally {
			closeSync(handle);
		}
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code === "EEXIST") throw usage(`${path} exists; name another file with --out`);
		throw unusable(path, cause);
	}
	return { key, hash, file: path };
}

/** A key that exists; never repeats what a file holds that is none. */
export function readApiKey(file: string): ApiKey {
	const key = readSmall(file).trim();
	if (!/^olk_[A-Za-z0-9_-]{43,64}$/.test(key))
		throw usage(`${file} holds no prepaid key; it must be olk_… and nothing else`);
	return { key, hash: sha256(utf8(key)), file };
}
