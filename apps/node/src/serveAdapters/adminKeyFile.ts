// The key that opens a server's adapter endpoints: a file that only its owner reads, made at the first start. Never logged.

import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { CallerError } from "@openledger/protocol";

const KEY = /^[\x21-\x7e]{16,512}$/;

/** Reads the key, or makes the file with 32 random bytes. Throws `serve/bad-admin-key`, naming the file and never its content. */
export function readOrMakeAdminKey(file: string): string {
	return readAdminKey(file) ?? makeAdminKey(file);
}

/** Undefined where there is no such file. */
export function readAdminKey(file: string): string | undefined {
	let text: string;
	try {
		text = readFileSync(file, "utf8").trim();
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw new CallerError(`${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`, {
			code: "serve/bad-admin-key",
		});
	}
	if (KEY.test(text)) return text;
	throw new CallerError(`${file} must hold one key of 16 to 512 plain characters; remove it to have a new one made`, {
		code: "serve/bad-admin-key",
	});
}

function makeAdminKey(file: string): string {
	mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
	const beside = `${file}.${process.pid}`;
	const handle = openSync(beside, "wx", 0o600);
	try {
		writeSync(handle, `${randomBytes(32).toString("base64url")}\n`);
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
	try {
		// Whole or not at all; another server may have made one meanwhile, then that one counts.
		linkSync(beside, file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
	} finally {
		rmSync(beside, { force: true });
	}
	return readAdminKey(file)!;
}
