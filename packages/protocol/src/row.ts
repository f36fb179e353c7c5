// A row of a datanet: its canonical bytes, its name, and the salted commitment that goes on chain.
// It must not know who contributed it.
import type { Hex } from "viem";
import { concatBytes, hexToBytes, keccak256, sha256, uint32, utf8 } from "./bytes.js";
import { checkDigest } from "./checks.js";
import { hmacSha256 } from "./hmac.js";
import { doubleHash, merkleRoot } from "./merkle.js";

/** A message of a conversation. */
export type Turn = { readonly role: "system" | "user" | "assistant"; readonly content: string };

/**
 * One example to learn from: a prompt and its response, perhaps with the turns of the conversation before them.
 * With an empty prompt, and nothing before it, the response is plain text that answers nobody.
 */
export type Row = { readonly prompt: string; readonly response: string; readonly before?: readonly Turn[] };

const ROW_TAG = utf8("openledger/row/v1");
const CONVERSATION_TAG = utf8("openledger/row/v2");
const SALT_TAG = utf8("openledger/salt/v1");

/**
 * Tag, then prompt and response as NFC UTF-8, each with its length before it (4 bytes, big-endian). A row with turns before has another
 * tag and, before the prompt, the number of those turns, then role and content of each. `protocol/bad-text` on half a pair.
 */
export function rowBytes(row: Row): Uint8Array {
	const before = row.before ?? [];
	const own = [row.prompt, row.response].flatMap(field);
	if (before.length === 0) return concatBytes(ROW_TAG, ...own);
	const turns = before.flatMap(({ role, content }) => [...field(role), ...field(content)]);
	return concatBytes(CONVERSATION_TAG, uint32(before.length), ...turns, ...own);
}

function field(text: string): [Uint8Array, Uint8Array] {
	const bytes = utf8(text.normalize("NFC"));
	return [uint32(bytes.length), bytes];
}

/** sha256 of the row's bytes: the row's name inside a node. Not for the chain: a guessed row could be recognised by it. */
export function rowDigest(row: Row): Hex {
	return sha256(rowBytes(row));
}

/** keccak256(salt ‖ row bytes): binds to the row and, while the 32-byte salt is secret, says nothing about it. */
export function rowCommitment(row: Row, salt: Hex): Hex {
	return keccak256(concatBytes(hexToBytes(checkDigest(salt, "salt")), rowBytes(row)));
}

/** The row's salt, HMAC-SHA256 of its digest under a 32-byte secret: one secret reproduces all salts. */
export function deriveSalt(secret: Hex, digest: Hex): Hex {
	const message = concatBytes(SALT_TAG, hexToBytes(checkDigest(digest, "row digest")));
	return hmacSha256(hexToBytes(checkDigest(secret, "secret")), message);
}

/** The root a contributor registers: the tree over the commitments, each hashed twice, in the given order. */
export function rowsRoot(commitments: readonly Hex[]): Hex {
	return merkleRoot(commitments.map(commitmentLeaf));
}

/** The double hash of one commitment: abi.encode of one bytes32 is the 32 bytes themselves. */
export function commitmentLeaf(commitment: Hex): Hex {
	return doubleHash(checkDigest(commitment, "commitment"));
}
