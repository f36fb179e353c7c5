// One record's bytes under one key: AES-256-GCM (NIST SP 800-38D) with the record's id bound in. It must not know whose key
// it is, nor where keys are kept.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import {
	CallerError,
	checkDigest,
	concatBytes,
	type Hex,
	hexToBytes,
	TransientError,
	utf8,
} from "@openledger/protocol";

/** Bytes of a key. */
export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Bytes that sealing adds: nonce before, tag behind. */
export const SEAL_BYTES = NONCE_BYTES + TAG_BYTES;

/** nonce (12) ‖ ciphertext ‖ tag (16). The nonce is random: one key seals one record, a few times at most. */
export function sealBytes(bytes: Uint8Array, key: Uint8Array, context: Hex): Uint8Array {
	const nonce = randomBytes(NONCE_BYTES);
	const cipher = createCipheriv("aes-256-gcm", checkKey(key), nonce);
	cipher.setAAD(boundTo(context));
	return concatBytes(nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag());
}

/** What was sealed; throws `datanet/seal-broken` (transient: restore the bytes) under another key, context or with other bytes. */
export function openBytes(sealed: Uint8Array, key: Uint8Array, context: Hex): Uint8Array {
	try {
		const decipher = createDecipheriv("aes-256-gcm", checkKey(key), sealed.subarray(0, NONCE_BYTES), {
			authTagLength: TAG_BYTES,
		});
		decipher.setAAD(boundTo(context));
		decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
		return concatBytes(decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)), decipher.final());
	} catch (cause) {
		if (cause instanceof CallerError) throw cause;
		throw new TransientError(`record ${context} cannot be opened; restore its bytes, or the key it was sealed with`, {
			code: "datanet/seal-broken",
			details: { record: context },
		});
	}
}

function boundTo(context: Hex): Uint8Array {
	return concatBytes(utf8("openledger/record/v1"), hexToBytes(checkDigest(context, "record id")));
}

function checkKey(key: Uint8Array): Uint8Array {
	if (key instanceof Uint8Array && key.length === KEY_BYTES) return key;
	throw new CallerError(`the key does not have ${KEY_BYTES} bytes`, { code: "datanet/bad-key" });
}
