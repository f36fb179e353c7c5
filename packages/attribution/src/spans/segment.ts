// A segment: the texts of consecutive rows, their suffix array, the table of fields, and the Merkle nodes over all three, in one block of
// memory that is also the file's content. It must not know which other segments there are.

import { Worker } from "node:worker_threads";
import { canonicalJson, type Hex, keccak256, utf8 } from "@openledger/protocol";
import { SpanError } from "./errors.js";
import { FIRST_FREE_BYTE, openSpanModule, spanWasm } from "./spanModule.js";
import { storedNodeBytes, treeRoot } from "./tree.js";

/** What is committed of a segment. */
export interface SegmentRecord {
	readonly rows: number;
	/** Whole units of the layout; 0 for the last, unfinished one. */
	readonly units: number;
	/** Bytes of text with separators; also the number of suffixes. */
	readonly bytes: number;
	readonly fields: number;
	/** Over the text. */
	readonly textRoot: Hex;
	/** Over the suffix array, each entry 4 bytes, little-endian. */
	readonly suffixRoot: Hex;
	/** Over the fields in the text's order, 8 bytes each, little-endian: start; row in the segment + 2^24 · field. */
	readonly fieldRoot: Hex;
}

export interface Segment {
	readonly record: SegmentRecord;
	readonly text: Uint8Array;
	readonly suffixes: Int32Array;
	readonly fields: Uint32Array;
	readonly nodes: Readonly<Record<SegmentPart, Uint8Array>>;
	/** All of it, as a file holds it. */
	readonly block: Uint8Array;
}

export type SegmentPart = "text" | "suffixes" | "fields";
export const SEGMENT_PARTS: readonly SegmentPart[] = ["text", "suffixes", "fields"];

/** Text and fields of rows that are to be one segment. */
export interface Piece {
	readonly rows: number;
	readonly units: number;
	readonly text: Uint8Array;
	readonly fields: Uint32Array;
}

const aligned = (bytes: number) => Math.ceil(bytes / 8) * 8;

/** Offsets of the parts within the block, and its length. */
function places(bytes: number, fieldCount: number) {
	const suffixes = aligned(bytes);
	const fields = aligned(suffixes + 4 * bytes);
	const textNodes = fields + 8 * fieldCount;
	const suffixNodes = textNodes + storedNodeBytes(bytes);
	const fieldNodes = suffixNodes + storedNodeBytes(4 * bytes);
	return { suffixes, fields, textNodes, suffixNodes, fieldNodes, end: fieldNodes + storedNodeBytes(8 * fieldCount) };
}

/** Length of the block of such a segment. */
export function blockBytes({ bytes, fields }: Pick<SegmentRecord, "bytes" | "fields">): number {
	return places(bytes, fields).end;
}

/** The segment's bytes of a part. */
export function partBytes(segment: Segment, part: SegmentPart): Uint8Array {
	const { buffer, byteOffset, byteLength } = segment[part];
	return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Lays views over a block; the roots are those that its last nodes say. The block must start at a multiple of 8. */
export function segmentOf(
	block: Uint8Array,
	head: { rows: number; units: number; bytes: number; fields: number },
): Segment {
	const { rows, units, bytes, fields } = head;
	const at = places(bytes, fields);
	const { buffer, byteOffset } = block;
	const nodes = {
		text: block.subarray(at.textNodes, at.suffixNodes),
		suffixes: block.subarray(at.suffixNodes, at.fieldNodes),
		fields: block.subarray(at.fieldNodes, at.end),
	};
	const roots = {
		textRoot: treeRoot(nodes.text),
		suffixRoot: treeRoot(nodes.suffixes),
		fieldRoot: treeRoot(nodes.fields),
	};
	return {
		record: { rows, units, bytes, fields, ...roots },
		text: block.subarray(0, bytes),
		suffixes: new Int32Array(buffer, byteOffset + at.suffixes, bytes),
		fields: new Uint32Array(buffer, byteOffset + at.fields, 2 * fields),
		nodes,
		block,
	};
}

const SCRATCH = FIRST_FREE_BYTE;
const BLOCK = FIRST_FREE_BYTE + 4096;

function noMemory(bytes: number, cause?: unknown): SpanError {
	const need = `about ${Math.ceil(5.4 * (bytes / 1e6))} MB`;
	return new SpanError(
		"spans/no-memory",
		`a segment of ${bytes} bytes of text needs ${need} of memory; use a smaller layout`,
		{ cause },
	);
}

/** Text and fields laid into a new memory, and the arguments that build them there. */
function prepare({ text, fields }: Piece) {
	const at = places(text.length, fields.length / 2);
	try {
		const module = openSpanModule(BLOCK + at.end);
		const { buffer } = module.memory;
		new Uint8Array(buffer).set(text, BLOCK);
		new Uint32Array(buffer, BLOCK + at.fields, fields.length).set(fields);
		const nodes = [at.textNodes, at.suffixNodes, at.fieldNodes].map((offset) => BLOCK + offset);
		const args = [BLOCK, text.length, BLOCK + at.suffixes, BLOCK + at.fields, 4 * fields.length, ...nodes, SCRATCH];
		return { module, args, end: at.end };
	} catch (cause) {
		if (cause instanceof RangeError) throw noMemory(text.length, cause);
		throw cause;
	}
}

/** Blocks below this are copied out: an engine reserves gigabytes of addresses for each WebAssembly memory, so an index must not hold hundreds. */
const KEPT_IN_PLACE = 32 * 1024 * 1024;

function finish(piece: Piece, memory: WebAssembly.Memory, end: number, outcome: number): Segment {
	if (outcome !== 0) throw noMemory(piece.text.length);
	const { rows, units, text, fields } = piece;
	const built = new Uint8Array(memory.buffer, BLOCK, end);
	const block = end < KEPT_IN_PLACE ? new Uint8Array(built) : built;
	return segmentOf(block, { rows, units, bytes: text.length, fields: fields.length / 2 });
}

/**
 * Builds a segment, on this thread. Its memory while building is the block, at most 5.2 bytes a byte of text and 8.2 a field, and the names of
 * a lower level where the array's middle cannot hold them: 12 bytes each, at most 6 a byte of text. Throws `spans/no-memory`.
 */
export function buildSegment(piece: Piece): Segment {
	const { module, args, end } = prepare(piece);
	return finish(piece, module.memory, end, module.buildSegment(...args));
}

const BUILDER = `
const { parentPort, workerData: { wasm, memory, args } } = require("node:worker_threads");
parentPort.postMessage(new WebAssembly.Instance(wasm, { env: { memory } }).exports.buildSegment(...args));
`;

/** The same on a thread of its own; nothing is copied back. */
export async function buildSegmentAside(piece: Piece): Promise<Segment> {
	const { module, args, end } = prepare(piece);
	const { memory } = module;
	const worker = new Worker(BUILDER, { eval: true, execArgv: [], workerData: { wasm: spanWasm(), memory, args } });
	const outcome = await new Promise<number>((resolve, reject) => {
		worker.once("message", resolve).once("error", reject);
		worker.once("exit", (code) => reject(new Error(`the span builder ended with ${code} before it was done`)));
	});
	await worker.terminate();
	return finish(piece, memory, end, outcome);
}

const TAG = utf8("openledger/spans/segment/v1");

/** keccak256(tag ‖ canonical JSON of the record): the segment's name. */
export function segmentDigest(record: SegmentRecord): Hex {
	const json = utf8(canonicalJson({ ...record }));
	const bytes = new Uint8Array(TAG.length + json.length);
	bytes.set(TAG);
	bytes.set(json, TAG.length);
	return keccak256(bytes);
}
