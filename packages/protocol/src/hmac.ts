// HMAC-SHA256 (RFC 2104). It must not know what it authenticates.
import type { Hex } from "viem";
import { concatBytes, hexToBytes, sha256 } from "./bytes.js";

const BLOCK_BYTES = 64;

/** HMAC-SHA256 of `message` under `key`, 32 bytes as lower-case hex. */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Hex {
	const block = new Uint8Array(BLOCK_BYTES);
	block.set(key.length > BLOCK_BYTES ? hexToBytes(sha256(key)) : key);
	const inner = sha256(
		concatBytes(
			block.map((byte) => byte ^ 0x36),
			message,
		),
	);
	return sha256(
		concatBytes(
			block.map((byte) => byte ^ 0x5c),
			hexToBytes(inner),
		),
	);
}
