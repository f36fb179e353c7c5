// GGUF files (llama.cpp's format, version 3) of a Llama base and of an adapter, f32, so that a peer can serve the same numbers.
// Source: ggml's docs/gguf.md. Knows nothing of what is measured with them.

import { closeSync, openSync, writeSync } from "node:fs";

export type GgufValue =
	| string
	| number
	| { readonly float: number }
	| { readonly strings: readonly string[] }
	| { readonly floats: readonly number[] }
	| { readonly ints: readonly number[] };

export interface GgufTensor {
	readonly name: string;
	/** Rows first, as our shapes are; the file has them the other way round. */
	readonly shape: readonly number[];
	readonly values: Float32Array;
}

const ALIGNMENT = 32;
const [UINT32, INT32, FLOAT32, STRING, ARRAY] = [4, 5, 6, 8, 9];

/** Writes a file; single numbers are u32 unless they are said to be floats. */
export function writeGguf(
	path: string,
	metadata: Readonly<Record<string, GgufValue>>,
	tensors: readonly GgufTensor[],
): void {
	const parts: Buffer[] = [];
	const u32 = (x: number) => {
		const b = Buffer.alloc(4);
		b.writeUInt32LE(x);
		parts.push(b);
	};
	const u64 = (x: number) => {
		const b = Buffer.alloc(8);
		b.writeBigUInt64LE(BigInt(x));
		parts.push(b);
	};
	const text = (x: string) => {
		const bytes = Buffer.from(x);
		u64(bytes.length);
		parts.push(bytes);
	};
	const array = (type: number, length: number) => {
		u32(ARRAY);
		u32(type);
		u64(length);
	};
	parts.push(Buffer.from("GGUF"));
	u32(3);
	u64(tensors.length);
	u64(Object.keys(metadata).length);
	for (const [key, value] of Object.entries(metadata)) {
		text(key);
		if (typeof value === "string") {
			u32(STRING);
			text(value);
		} else if (typeof value === "number") {
			u32(UINT32);
			u32(value);
		} else if ("float" in value) {
			u32(FLOAT32);
			parts.push(Buffer.from(Float32Array.of(value.float).buffer));
		} else if ("strings" in value) {
			array(STRING, value.strings.length);
			value.strings.forEach(text);
		} else if ("floats" in value) {
			array(FLOAT32, value.floats.length);
			parts.push(Buffer.from(Float32Array.from(value.floats).buffer));
		} else {
			array(INT32, value.ints.length);
			parts.push(Buffer.from(Int32Array.from(value.ints).buffer));
		}
	}
	const padded = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
	let offset = 0;
	for (const { name, shape, values } of tensors) {
		text(name);
		u32(shape.length);
		for (const n of [...shape].reverse()) u64(n);
		u32(0);
		u64(offset);
		offset += padded(4 * values.length);
	}
	const head = Buffer.concat(parts);
	const file = openSync(path, "w");
	try {
		writeSync(file, head);
		writeSync(file, Buffer.alloc(padded(head.length) - head.length));
		for (const { values } of tensors) {
			writeSync(file, Buffer.from(values.buffer, values.byteOffset, 4 * values.length));
			writeSync(file, Buffer.alloc(padded(4 * values.length) - 4 * values.length));
		}
	} finally {
		closeSync(file);
	}
}
