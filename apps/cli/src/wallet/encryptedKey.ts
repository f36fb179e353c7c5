// A private key under a password, in the Web3 Secret Storage form (version 3) that other wallets read too. It must not know of files.

import { createCipheriv, createDecipheriv, randomBytes, randomUUID, scryptSync, timingSafeEqual } from "node:crypto";
import { bytesToHex, CallerError, concatBytes, type Hex, hexToBytes, keccak256 } from "@openledger/protocol";
import { privateKeyToAccount } from "viem/accounts";

/** As written to the file; `address` and all values are hex without 0x. */
export type EncryptedKey = {
	readonly version: 3;
	readonly id: string;
	readonly address: string;
	readonly crypto: {
		readonly cipher: "aes-128-ctr";
		readonly cipherparams: { readonly iv: string };
		readonly ciphertext: string;
		readonly kdf: "scrypt";
		readonly kdfparams: {
			readonly dklen: 32;
			readonly n: number;
			readonly r: number;
			readonly p: number;
			salt: string;
		};
		readonly mac: string;
	};
};

/** 128 MiB and some tenths of a second for each guess of a password. */
const COST = { n: 2 ** 17, r: 8, p: 1 };
/** A file may ask for this much memory in bytes, and no more, when it is opened. */
const MOST_MEMORY = 2 ** 30;
const MOST_ROUNDS = 64;

export function encryptKey(privateKey: Hex, password: string): EncryptedKey {
	const [salt, iv] = [randomBytes(32), randomBytes(16)];
	const derived = derive(password, { ...COST, salt });
	const cipher = createCipheriv("aes-128-ctr", derived.subarray(0, 16), iv);
	const ciphertext = concatBytes(cipher.update(hexToBytes(privateKey)), cipher.final());
	return {
		version: 3,
		id: randomUUID(),
		address: plain(hexToBytes(privateKeyToAccount(privateKey).address)),
		crypto: {
			cipher: "aes-128-ctr",
			cipherparams: { iv: plain(iv) },
			ciphertext: plain(ciphertext),
			kdf: "scrypt",
			kdfparams: { dklen: 32, ...COST, salt: plain(salt) },
			mac: plain(macOf(derived, ciphertext)),
		},
	};
}

/** Throws `wallet/wrong-password` if the password does not fit; never repeats what the file or the password holds. */
export function decryptKey(key: EncryptedKey, password: string): Hex {
	const { ciphertext, cipherparams, kdfparams, mac } = key.crypto;
	const sealed = hexToBytes(`0x${ciphertext}`);
	const derived = derive(password, { ...kdfparams, salt: hexToBytes(`0x${kdfparams.salt}`) });
	if (!timingSafeEqual(macOf(derived, sealed), hexToBytes(`0x${mac}`))) {
		throw new CallerError("the password does not open this wallet; try again, or restore another copy of the file", {
			code: "wallet/wrong-password",
		});
	}
	const decipher = createDecipheriv("aes-128-ctr", derived.subarray(0, 16), hexToBytes(`0x${cipherparams.iv}`));
	const opened = plain(concatBytes(decipher.update(sealed), decipher.final()));
	// Some old wallets leave out leading zeros.
	return `0x${opened.padStart(64, "0")}`;
}

/** Checks what a file holds, its cost included; throws `wallet/damaged` or `wallet/other-form` with what would be right. */
export function parseEncryptedKey(text: string): EncryptedKey {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (cause) {
		throw damaged("it is no JSON", cause);
	}
	const { version, address, crypto, id } = lowered(value);
	const sealed = lowered(crypto);
	if (version !== 3 || sealed.cipher !== "aes-128-ctr" || sealed.kdf !== "scrypt") {
		throw new CallerError("the wallet is no Web3 secret of version 3 with scrypt and aes-128-ctr; make one so", {
			code: "wallet/other-form",
		});
	}
	const { dklen, n, r, p, salt } = lowered(sealed.kdfparams);
	const iv = lowered(sealed.cipherparams).iv;
	const { ciphertext, mac } = sealed;
	if (dklen !== 32 || !isCount(n) || !isCount(r) || !isCount(p) || (n & (n - 1)) !== 0 || n < 2)
		throw damaged("its scrypt parameters are none");
	// RFC 7914, section 2: n is below 2^(128 r / 8). Some old wallets break that, and few programs open them.
	if (16 * r < 32 && n >= 2 ** (16 * r)) throw damaged(`n = ${n} goes with an r of 2 or more`);
	if (128 * n * r > MOST_MEMORY || p > MOST_ROUNDS)
		throw damaged(`opening it would take ${128 * n * r} bytes and ${p} rounds`);
	if (!isHex(salt, 8, 64) || !isHex(iv, 16, 16) || !isHex(ciphertext, 1, 32) || !isHex(mac, 32, 32))
		throw damaged("its values are not hex of the right length");
	if (address !== undefined && !isHex(address, 20, 20)) throw damaged("its address is none");
	return {
		version: 3,
		id: typeof id === "string" ? id : "",
		address: address === undefined ? "" : address.toLowerCase(),
		crypto: {
			...{ cipher: "aes-128-ctr", cipherparams: { iv }, ciphertext, kdf: "scrypt" },
			...{ kdfparams: { dklen, n, r, p, salt }, mac },
		},
	};
}

function derive(
	password: string,
	cost: { readonly n: number; readonly r: number; readonly p: number; readonly salt: Uint8Array },
): Uint8Array {
	const { n, r, p, salt } = cost;
	return scryptSync(password, salt, 32, { N: n, r, p, maxmem: 128 * (n + p + 1) * r + 2 ** 20 });
}

/** keccak256 of the second half of the derived key and what was sealed. */
function macOf(derived: Uint8Array, sealed: Uint8Array): Uint8Array {
	return hexToBytes(keccak256(concatBytes(derived.subarray(16, 32), sealed)));
}

function plain(bytes: Uint8Array): string {
	return bytesToHex(bytes).slice(2);
}

/** Fields by their names in small letters: some wallets write `Crypto`. */
function lowered(value: unknown): Record<string, unknown> {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
	return Object.fromEntries(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field]));
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 1;
}

function isHex(value: unknown, least: number, most: number): value is string {
	return (
		typeof value === "string" &&
		/^(?:[0-9a-fA-F]{2})+$/.test(value) &&
		value.length >= 2 * least &&
		value.length <= 2 * most
	);
}

function damaged(what: string, cause?: unknown): CallerError {
	return new CallerError(`the wallet's file is damaged: ${what}; restore it from a copy`, {
		code: "wallet/damaged",
		cause,
	});
}
