// The file of a wallet: written once, whole or not at all, readable by its owner alone. It must not know who asks for passwords.

import { randomBytes } from "node:crypto";
import {
	closeSync,
	fsyncSync,
	linkSync,
	mkdirSync,
	openSync,
	readFileSync,
	rmSync,
	statSync,
	writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { bytesToHex, CallerError, type Hex } from "@openledger/protocol";
import { type Address, getAddress } from "viem";
import { type LocalAccount, privateKeyToAccount } from "viem/accounts";
import type { CliConfig } from "../config.js";
import { unusable, usage } from "../errors.js";
import { decryptKey, type EncryptedKey, encryptKey, parseEncryptedKey } from "./encryptedKey.js";

/** A wallet of this form takes some 500 bytes. */
const MOST_BYTES = 16_384;

/** Where the wallet is, unless a flag or OPENLEDGER_WALLET names another. */
export function walletPath({ home, wallet }: Pick<CliConfig, "home" | "wallet">): string {
	return wallet ?? join(home, "wallet.json");
}

export function newPrivateKey(): Hex {
	return bytesToHex(randomBytes(32));
}

/** A private key from a file of 64 hex digits; never repeats what the file holds. */
export function readPrivateKey(file: string): Hex {
	const text = readSmall(file).trim();
	const hex = text.replace(/^0x/, "");
	if (!/^[0-9a-fA-F]{64}$/.test(hex))
		throw usage(`${file} holds no private key; it must be 64 hex digits and nothing else`);
	try {
		privateKeyToAccount(`0x${hex}`);
	} catch {
		throw usage(
			`${file} holds 64 hex digits that are no private key; they must be above 0 and below the curve's order`,
		);
	}
	return `0x${hex.toLowerCase()}`;
}

/** Writes a new wallet and returns its address; throws `wallet/exists` rather than lose a key. */
export function writeWallet(file: string, privateKey: Hex, password: string): Address {
	const text = `${JSON.stringify(encryptKey(privateKey, password), null, "\t")}\n`;
	mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
	const beside = `${file}.${process.pid}.new`;
	const handle = openSync(beside, "w", 0o600);
	try {
		writeSync(handle, text);
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
	try {
		linkSync(beside, file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw unusable(file, error);
		throw existing(file);
	} finally {
		rmSync(beside, { force: true });
	}
	return privateKeyToAccount(privateKey).address;
}

/** Throws before anybody types a password for nothing. */
export function assertNoWallet(file: string): void {
	if (hasWallet(file)) throw existing(file);
}

export function hasWallet(file: string): boolean {
	return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** The address, without the password: it is public, and written beside what is sealed. */
export function readWalletAddress(file: string): Address {
	const { address } = read(file);
	if (address !== "") return getAddress(`0x${address}`);
	throw new CallerError(`${file} does not say its address; make the wallet again from its key`, {
		code: "wallet/other-form",
	});
}

/** Opens the wallet; throws `wallet/wrong-password`. */
export function openWallet(file: string, password: string): LocalAccount {
	const key = read(file);
	const account = privateKeyToAccount(decryptKey(key, password));
	if (key.address === "" || account.address.toLowerCase() === `0x${key.address}`) return account;
	throw new CallerError(`${file} says another address than its key has; restore it from a copy`, {
		code: "wallet/damaged",
	});
}

function read(file: string): EncryptedKey {
	if (!hasWallet(file)) {
		throw new CallerError(`there is no wallet at ${file}; make one: openledger wallet create`, {
			code: "wallet/none",
		});
	}
	return parseEncryptedKey(readSmall(file));
}

/** A file that is short by nature. */
export function readSmall(file: string): string {
	try {
		const { size } = statSync(file);
		if (size > MOST_BYTES) throw new Error(`it has ${size} bytes, at most ${MOST_BYTES} are read`);
		return readFileSync(file, "utf8");
	} catch (cause) {
		throw unusable(file, cause);
	}
}

function existing(file: string): CallerError {
	const hint = "keep it, or name another file with --wallet";
	return new CallerError(`${file} exists, and a key that is written over is lost; ${hint}`, { code: "wallet/exists" });
}
