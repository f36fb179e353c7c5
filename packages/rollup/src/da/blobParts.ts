// Blobs larger than a payload: put in parts, under one commitment that lists them. Small ones go as they are. It must not know what a
// blob means; one that begins like a list is always put as a list, so that reading is never in doubt.

import { concatBytes, type Hex, hexToBytes, uint32, utf8 } from "@openledger/protocol";
import { damaged, refused } from "../errors.js";
import type { DataLayer } from "./dataClient.js";
import { MAX_BLOB, MAX_COMMITMENT, MAX_PART } from "./limits.js";

const TAG = utf8("openledger/parts/v1\n");

/** Puts a blob of any size up to `MAX_BLOB`; the commitment is what `getBlob` takes. Throws `data/too-large` and the layer's own errors. */
export async function putBlob(layer: DataLayer, blob: Uint8Array, partBytes = MAX_PART): Promise<Hex> {
	if (blob.length > MAX_BLOB)
		throw refused("data/too-large", `the blob has ${blob.length} bytes and may have ${MAX_BLOB}; close epochs sooner`);
	if (blob.length <= partBytes && !isList(blob)) return await layer.put(blob);
	const listed: Uint8Array[] = [TAG, uint32(blob.length)];
	for (let at = 0; at < blob.length; at += partBytes) {
		const commitment = hexToBytes(await layer.put(blob.subarray(at, at + partBytes)));
		listed.push(uint32(commitment.length), commitment);
	}
	return await layer.put(concatBytes(...listed));
}

/** The blob under a commitment; throws `data/damaged` where its list is not whole, and the layer's own errors. */
export async function getBlob(layer: DataLayer, commitment: Hex): Promise<Uint8Array> {
	const found = await layer.get(commitment);
	if (!isList(found)) return found;
	const view = new DataView(found.buffer, found.byteOffset, found.byteLength);
	let at = TAG.length;
	const number = () => {
		if (at + 4 > found.length) throw damaged("the list of a blob's parts is cut short");
		at += 4;
		return view.getUint32(at - 4);
	};
	const length = number();
	if (length > MAX_BLOB) throw damaged(`the list promises ${length} bytes; a blob has at most ${MAX_BLOB}`);
	const whole = new Uint8Array(length);
	let filled = 0;
	while (at < found.length) {
		const size = number();
		if (size === 0 || size > MAX_COMMITMENT || at + size > found.length)
			throw damaged("the list of a blob's parts is cut short");
		const part = await layer.get(hexOf(found.subarray(at, at + size)));
		at += size;
		if (part.length === 0 || filled + part.length > length)
			throw damaged("a blob's parts are longer than their list says");
		whole.set(part, filled);
		filled += part.length;
	}
	if (filled !== length) throw damaged(`a blob's parts have ${filled} bytes together, their list says ${length}`);
	return whole;
}

const hexOf = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString("hex")}`;

function isList(bytes: Uint8Array): boolean {
	return bytes.length >= TAG.length && TAG.every((byte, i) => bytes[i] === byte);
}
