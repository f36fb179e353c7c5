// Text, hex and bytes, and the two hashes. It must not know what is hashed.
import { type Hex, keccak256 as viemKeccak256, sha256 as viemSha256 } from "viem";
import { CallerError } from "./errors.js";

const encoder = new TextEncoder();
// With the u flag a pair counts as one character, so this finds only halves.
const LONE_SURROGATE = /[\ud800-\udfff]/u;
const HEX_BYTES = /^0x(?:[0-9a-fA-F]{2})*$/;
const DIGITS = "0123456789abcdef";

/** Whether every surrogate has its partner, that is, whether the text has a UTF-8 form. */
export function isWellFormed(text: string): boolean {
	return !LONE_SURROGATE.test(text);
}

/** UTF-8 of well-formed text; throws `protocol/bad-text` on a lone surrogate, which UTF-8 could only lose. */
export function utf8(text: string): Uint8Array {
	if (!isWellFormed(text)) {
		throw new CallerError("the text holds half a surrogate pair; send well-formed Unicode", {
			code: "protocol/bad-text",
		});
	}
	return encoder.encode(text);
}

/** Bytes of an even-length `0x` string; throws `protocol/bad-hex`. */
export function hexToBytes(hex: Hex): Uint8Array {
	if (typeof hex !== "string" || !HEX_BYTES.test(hex)) {
		throw new CallerError("not a hex string; it must be 0x followed by an even number of hex digits", {
			code: "protocol/bad-hex",
		});
	}
	const bytes = new Uint8Array((hex.length - 2) / 2);
	for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 + 2 * i, 4 + 2 * i), 16);
	return bytes;
}

/** Lower-case `0x` hex. */
export function bytesToHex(bytes: Uint8Array): Hex {
	let text = "";
	for (const byte of bytes) text += DIGITS[byte >> 4]! + DIGITS[byte & 15]!;
	return `0x${text}`;
}

/** The parts, one after the other. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

/** Four bytes, big-endian; throws `protocol/bad-number` outside 0 … 2³²−1. */
export function uint32(value: number): Uint8Array {
	if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
		throw new CallerError(`${value} does not fit four bytes; use an integer from 0 to 4294967295`, {
			code: "protocol/bad-number",
		});
	}
	return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** SHA-256 (FIPS 180-4) as lower-case hex. */
export function sha256(bytes: Uint8Array): Hex {
	return viemSha256(bytes);
}

/** Keccak-256 as in Ethereum (not SHA3-256), as lower-case hex. */
export function keccak256(bytes: Uint8Array): Hex {
	return viemKeccak256(bytes);
}
