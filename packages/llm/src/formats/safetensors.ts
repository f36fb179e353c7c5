// Reads the safetensors container, strictly: header, offsets, dtypes and lengths must all agree.
// Format: u64 little-endian header length, JSON header {name: {dtype, shape, data_offsets}}, data.

import { ModelError } from "../errors.js";
import { bfloatToFloat, halfToFloat } from "./float16.js";
import { showValue } from "./showValue.js";

export type StoredDType = "F32" | "F16" | "BF16";

export interface NamedTensor {
	readonly shape: readonly number[];
	readonly data: Float32Array;
}

export type TensorMap = ReadonlyMap<string, NamedTensor>;

export const WIDTH: Record<StoredDType, number> = { F32: 4, F16: 2, BF16: 2 };
const MAX_HEADER = 16 * 1024 * 1024;

function refuse(file: string, what: string): never {
	throw new ModelError("safetensors-malformed", `${file}: ${what}`);
}

interface Entry {
	readonly name: string;
	readonly dtype: StoredDType;
	readonly shape: readonly number[];
	readonly begin: number;
	readonly end: number;
}

function readEntry(file: string, name: string, value: unknown): Entry {
	const entry = value as { dtype?: unknown; shape?: unknown; data_offsets?: unknown } | null;
	if (entry === null || typeof entry !== "object") refuse(file, `tensor ${name} must be an object`);
	const { dtype, shape, data_offsets: offsets } = entry;
	if (dtype !== "F32" && dtype !== "F16" && dtype !== "BF16") {
		throw new ModelError(
			"tensor-dtype",
			`${file}: tensor ${name} has dtype ${showValue(dtype)}; F32, F16 and BF16 are read`,
		);
	}
	if (!Array.isArray(shape) || shape.length > 8 || !shape.every((d) => Number.isSafeInteger(d) && d >= 0)) {
		refuse(file, `tensor ${name} must have a shape of whole numbers`);
	}
	if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every((o) => Number.isSafeInteger(o) && o >= 0)) {
		refuse(file, `tensor ${name} must have data_offsets [begin, end]`);
	}
	const [begin, end] = offsets as [number, number];
	const wanted = (shape as number[]).reduce((a, b) => a * b, 1) * WIDTH[dtype];
	if (end - begin !== wanted)
		refuse(file, `tensor ${name} of [${shape}] ${dtype} needs ${wanted} bytes, its offsets give ${end - begin}`);
	return { name, dtype, shape: shape as number[], begin, end };
}

/** Whether this machine has numbers in memory as the file has them. */
const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function widen(bytes: Uint8Array, dtype: StoredDType): Float32Array {
	// Adapters are read while others are answered, so the common case is one copy. (`slice` would not do: a Buffer's copies nothing.)
	if (dtype === "F32" && LITTLE_ENDIAN) return new Float32Array(new Uint8Array(bytes).buffer);
	const count = bytes.length / WIDTH[dtype];
	const out = new Float32Array(count);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	for (let i = 0; i < count; i++) {
		if (dtype === "F32") out[i] = view.getFloat32(4 * i, true);
		else if (dtype === "F16") out[i] = halfToFloat(view.getUint16(2 * i, true));
		else out[i] = bfloatToFloat(view.getUint16(2 * i, true));
	}
	return out;
}

/** NaN and infinities are the numbers whose exponent has all bits set. */
const EXPONENT = 0x7f80_0000;

function allFinite(data: Float32Array): boolean {
	const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
	for (let i = 0; i < bits.length; i++) if ((bits[i]! & EXPONENT) === EXPONENT) return false;
	return true;
}

export interface SafetensorsFile {
	/** Shape of each tensor by name, in the order of the data. */
	readonly shapes: ReadonlyMap<string, readonly number[]>;
	readonly metadata: Readonly<Record<string, string>>;
	/** One tensor as f32; NaN and infinity are refused. */
	read(name: string): Float32Array;
}

/**
 * Reads and checks the header of a whole file; numbers are widened only when asked for, so a caller can hold the shapes
 * against what it expects first. `file` is only used to name it in errors.
 */
export function openSafetensors(bytes: Uint8Array, file = "safetensors"): SafetensorsFile {
	if (bytes.length < 8) refuse(file, `has ${bytes.length} bytes; at least 8 are needed for the header length`);
	const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
	if (length > BigInt(MAX_HEADER) || 8n + length > BigInt(bytes.length)) {
		refuse(
			file,
			`states a header of ${length} bytes in a file of ${bytes.length}; the file is truncated or not safetensors`,
		);
	}
	const start = 8 + Number(length);
	let header: unknown;
	try {
		header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, start)));
	} catch (cause) {
		throw new ModelError("safetensors-malformed", `${file}: the header is not JSON`, { cause });
	}
	if (header === null || typeof header !== "object" || Array.isArray(header))
		refuse(file, "the header must be an object");
	const { __metadata__: metadata = {}, ...rest } = header as Record<string, unknown>;
	if (
		metadata === null ||
		typeof metadata !== "object" ||
		!Object.values(metadata).every((v) => typeof v === "string")
	) {
		refuse(file, "__metadata__ must map strings to strings");
	}
	const entries = Object.entries(rest).map(([name, value]) => readEntry(file, name, value));
	entries.sort((a, b) => a.begin - b.begin);
	let at = 0;
	for (const e of entries) {
		if (e.begin !== at)
			refuse(
				file,
				`tensor ${e.name} begins at byte ${e.begin}, the one before ends at ${at}; tensors must follow each other`,
			);
		at = e.end;
	}
	if (start + at !== bytes.length)
		refuse(file, `holds ${bytes.length - start} bytes of data, its header describes ${at}`);
	const byName = new Map(entries.map((e) => [e.name, e]));
	return {
		shapes: new Map(entries.map((e) => [e.name, e.shape])),
		metadata: metadata as Record<string, string>,
		read(name) {
			const e = byName.get(name);
			if (e === undefined) throw new ModelError("tensor-missing", `${file}: ${name} is missing`);
			const data = widen(bytes.subarray(start + e.begin, start + e.end), e.dtype);
			if (!allFinite(data)) throw new ModelError("not-finite", `${file}: tensor ${name} holds NaN or infinity`);
			return data;
		},
	};
}

/** Reads every tensor of a file. */
export function readSafetensors(
	bytes: Uint8Array,
	file = "safetensors",
): { tensors: TensorMap; metadata: Readonly<Record<string, string>> } {
	const { shapes, metadata, read } = openSafetensors(bytes, file);
	return { tensors: new Map([...shapes].map(([name, shape]) => [name, { shape, data: read(name) }])), metadata };
}
