// Prepaid keys on this machine: made here, kept in a file of their own before they are paid for, so that no crash loses a paid one.
// It must not know who pays.

import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { sha256, utf8 } from "@openledger/protocol";
import { newKey } from "@openledger/sdk";
import { unusable, usage } from "../errors.js";
import { readSmall } from "./walletFile.js";

export type ApiKey = { readonly key: string; readonly file: string };

/** A fresh key in a new file readable by its owner alone; by default in the home's `api-keys`. */
export function newApiKey(home: string, file?: string): ApiKey {
	const key = newKey();
	const path = file ?? join(home, "api-keys", `${sha256(utf8(key)).slice(2, 10)}.txt`);
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
	return { key, file: path };
}

/** A key that exists; never repeats what a file holds that is none. */
export function readApiKey(file: string): ApiKey {
	const key = readSmall(file).trim();
	if (!/^olk_[A-Za-z0-9_-]{43,64}$/.test(key))
		throw usage(`${file} holds no prepaid key; it must be olk_… and nothing else`);
	return { key, file };
}
