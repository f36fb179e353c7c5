// The node's keys: one seed of 32 bytes, from which every account and salt follows by HMAC. Nothing here is ever logged.

import { randomBytes, timingSafeEqual } from "node:crypto";
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import {
	type Address,
	bytesToHex,
	CallerError,
	concatBytes,
	type Hex,
	hexToBytes,
	hmacSha256,
	uint32,
	utf8,
} from "@openledger/protocol";
import type { LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";

export type Role = "treasury" | "settler" | "owner" | "node" | "stakers" | "facilitator" | "payer" | "contributor";

export type Keystore = {
	/** The account of a role; people have a name besides. Always the same for the same seed. */
	account(role: Role, name?: string): LocalAccount;
	/** Its address in lower case. */
	address(role: Role, name?: string): Address;
	/** 32 secret bytes for a purpose. */
	secret(purpose: string, ...parts: readonly string[]): Hex;
	/** What POSTs to the management API must show. */
	readonly adminToken: string;
};

/** Opens the keys of a home, or makes them; throws `keystore/other-seed` if the home was made with another seed. */
export function openKeystore(home: string, asked?: Hex): Keystore {
	const folder = join(home, "keys");
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const seed = secretFile(join(folder, "seed"), () => (asked === undefined ? randomBytes(32) : hexToBytes(asked)));
	if (asked !== undefined && !timingSafeEqual(seed, hexToBytes(asked))) {
		throw new CallerError(`${home} was made with another seed; leave the seed out, or choose another home`, {
			code: "keystore/other-seed",
		});
	}
	const adminToken = bytesToHex(secretFile(join(home, "admin-token"), () => randomBytes(32))).slice(2);
	const accounts = new Map<string, LocalAccount>();
	const secret = (purpose: string, ...parts: readonly string[]): Hex => {
		const fields = [`openledger/${purpose}/v1`, ...parts].map(utf8);
		return hmacSha256(seed, concatBytes(...fields.flatMap((field) => [uint32(field.length), field])));
	};
	const account = (role: Role, name = ""): LocalAccount => {
		const key = `${role}/${name}`;
		const known = accounts.get(key) ?? privateKeyToAccount(secret("account", role, name));
		accounts.set(key, known);
		return known;
	};
	const address = (role: Role, name = "") => account(role, name).address.toLowerCase() as Address;
	return { account, address, secret, adminToken };
}

/** Reads 32 bytes written as hex, or makes the file: whole or not at all, readable by its owner alone. */
function secretFile(file: string, make: () => Uint8Array): Uint8Array {
	const known = read(file);
	if (known !== undefined) return known;
	const beside = `${file}.${process.pid}`;
	const handle = openSync(beside, "w", 0o600);
	try {
		writeSync(handle, bytesToHex(make()).slice(2));
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
	try {
		linkSync(beside, file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
	} finally {
		rmSync(beside, { force: true });
	}
	return read(file)!;
}

function read(file: string): Uint8Array | undefined {
	let text: string;
	try {
		text = readFileSync(file, "utf8").trim();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw error;
	}
	if (/^[0-9a-f]{64}$/.test(text)) return hexToBytes(`0x${text}`);
	throw new CallerError(`${file} is damaged: it should hold 64 hex digits; restore it from a backup`, {
		code: "keystore/damaged",
	});
}
