// Bytes of one canonical form: numbers in as few bytes as they need (LEB128), digests and addresses as they are. A reader takes no other
// form than the writer gives. It must not know what is written.

import { type Address, bytesToHex, checkAddress, checkDigest, type Hex, hexToBytes } from "@openledger/protocol";
import { refused } from "../errors.js";

export type Writer = {
	bytes(part: Uint8Array): void;
	/** A whole number from 0, in 7 bits a byte, the lowest first. */
	number(value: number | bigint): void;
	/** A whole number of either sign: 0, −1, 1, −2 … as 0, 1, 2, 3 … */
	signed(value: bigint): void;
	digest(value: Hex): void;
	address(value: Address): void;
	done(): Uint8Array;
};

export function createWriter(): Writer {
	let buffer = new Uint8Array(4096);
	let length = 0;
	const room = (more: number) => {
		if (length + more <= buffer.length) return;
		const larger = new Uint8Array(Math.max(2 * buffer.length, length + more));
		larger.set(buffer.subarray(0, length));
		buffer = larger;
	};
	const bytes = (part: Uint8Array) => {
		room(part.length);
		buffer.set(part, length);
		length += part.length;
	};
	const number = (value: number | bigint) => {
		if (value < 0) throw bad(`${value} is below 0`);
		room(40);
		let left = value;
		while (typeof left === "bigint" && left > 0x7fff_ffffn) {
			buffer[length++] = Number(left & 0x7fn) | 0x80;
			left >>= 7n;
		}
		let small = Number(left);
		while (small > 0x7f) {
			buffer[length++] = (small % 128) | 0x80;
			small = Math.floor(small / 128);
		}
		buffer[length++] = small;
	};
	return {
		bytes,
		number,
		signed: (value) => number(value >= 0n ? 2n * value : -2n * value - 1n),
		digest: (value) => bytes(hexToBytes(checkDigest(value, "digest"))),
		address: (value) => bytes(hexToBytes(checkAddress(value, "address"))),
		done: () => buffer.slice(0, length),
	};
}

export type Reader = {
	bytes(count: number): Uint8Array;
	/** A whole number up to `most`; 2³²−1 by default. */
	number(what: string, most?: number): number;
	amount(what: string, bits?: number): bigint;
	signed(what: string, bits?: number): bigint;
	digest(): Hex;
	address(): Address;
	/** Throws `blob/malformed` unless all was read. */
	end(): void;
};

/** Throws `blob/malformed` where the bytes end too early or are not in the canonical form. */
export function createReader(source: Uint8Array): Reader {
	let at = 0;
	const bytes = (count: number) => {
		if (count > source.length - at) throw bad(`it ends after ${source.length} bytes, in the middle of something`);
		at += count;
		return source.subarray(at - count, at);
	};
	const amount = (what: string, bits = 256) => {
		let value = 0n;
		for (let shift = 0n; ; shift += 7n) {
			const byte = bytes(1)[0]!;
			value |= BigInt(byte & 0x7f) << shift;
			if (shift > 0n && byte === 0) throw bad(`${what} is written longer than it has to be`);
			if (byte < 0x80) break;
			if (shift > BigInt(bits)) throw bad(`${what} does not fit ${bits} bits`);
		}
		if (value >> BigInt(bits) !== 0n) throw bad(`${what} does not fit ${bits} bits`);
		return value;
	};
	return {
		bytes,
		amount,
		number(what, most = 0xffff_ffff) {
			const value = amount(what, 53);
			if (value > BigInt(most)) throw bad(`${what} is ${value}; it may be ${most}`);
			return Number(value);
		},
		signed(what, bits = 64) {
			const folded = amount(what, bits);
			return folded % 2n === 0n ? folded / 2n : -(folded + 1n) / 2n;
		},
		digest: () => bytesToHex(bytes(32)),
		address: () => bytesToHex(bytes(20)),
		end() {
			if (at !== source.length) throw bad(`${source.length - at} bytes stand after its end`);
		},
	};
}

/** Bytes that no epoch's blob has. */
export function bad(why: string) {
	return refused("blob/malformed", `this is no epoch blob: ${why}`);
}
