// The payment nonce of channels and keys, against the bytes written out by hand: 64 bytes, hashed once.
import { keccak_256 } from "@noble/hashes/sha3";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils";
import { expect, test } from "vitest";
import { paymentNonceOf } from "./ids.js";

const channel = `0x${"0a".repeat(32)}` as const;
const request = `0x${"b0".repeat(32)}` as const;

test("default: keccak256 of the two words", () => {
	const bytes = hexToBytes("0a".repeat(32) + "b0".repeat(32));
	expect(paymentNonceOf(channel, request)).toBe(`0x${bytesToHex(keccak_256(bytes))}`);
});

test("behavior: the order counts", () => {
	expect(paymentNonceOf(request, channel)).not.toBe(paymentNonceOf(channel, request));
});

test("behavior: refuses what is no digest", () => {
	expect(() => paymentNonceOf("0x12", request)).toThrow(/channel or key id/);
	expect(() => paymentNonceOf(channel, "0x")).toThrow(/requestId/);
	expect(() => paymentNonceOf(`0x${"0A".repeat(32)}`, request)).toThrow(/lower-case/);
});
