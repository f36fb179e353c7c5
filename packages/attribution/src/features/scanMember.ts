// A member of a scan team: its whole life, as text, so that it needs no file and no bundler; and what is said to it and by it. All hot work
// is the module's. A member takes blocks of rows from a counter that all share until none is left, so that no thread waits for another.

import { FIRST_FREE, PAGE_BYTES } from "./scanKernels.js";
import { MOST_BLOCK_ROWS, QUERY_BYTES, SLACK_BYTES, SLOT_BYTES } from "./scanLayout.js";

/** Rows that lie one after the other, in a memory that was shared with the team, or in a file that only grows. */
export interface ScanPart {
	/** The row's number of the part's first record. */
	readonly first: number;
	readonly rows: number;
	readonly from: { readonly memory: number } | { readonly file: string };
	/** The first record's place there, in bytes. */
	readonly at: number;
}

export interface MemberData {
	readonly module: WebAssembly.Module;
	readonly member: number;
}

export type ToMember =
	| { readonly kind: "memory"; readonly index: number; readonly memory: WebAssembly.Memory }
	| {
			readonly kind: "job";
			readonly id: number;
			readonly stride: number;
			readonly blockRows: number;
			readonly query: Int16Array;
			/** 0 where the best are not asked for. */
			readonly k: number;
			readonly parts: readonly ScanPart[];
			/** One i32: blocks that are taken. */
			readonly counter: SharedArrayBuffer;
			/** f64 for each row, where all scores are asked for. */
			readonly scores?: SharedArrayBuffer;
	  }
	| { readonly kind: "close" };

export type FromMember =
	| { readonly id: number; readonly sums: readonly bigint[]; readonly best: Float64Array }
	| { readonly id: number; readonly file: string; readonly message: string };

const SUMS_AT = FIRST_FREE + SLOT_BYTES;
const CHUNK_AT = SUMS_AT + 64 + 62;

export const MEMBER = `
const { parentPort, workerData } = require("node:worker_threads");
const { closeSync, openSync, readSync } = require("node:fs");
const { module, member } = workerData;
const pages = (bytes) => Math.ceil(bytes / ${PAGE_BYTES});
const open = (memory, slot) => ({
	kernels: new WebAssembly.Instance(module, { env: { memory } }).exports,
	slot,
	query: new Int16Array(memory.buffer, slot, ${QUERY_BYTES / 2}),
	scores: new Float64Array(memory.buffer, slot + ${QUERY_BYTES}, ${MOST_BLOCK_ROWS}),
});
const memory = new WebAssembly.Memory({ initial: pages(${CHUNK_AT}), maximum: 65536, shared: true });
const own = open(memory, ${FIRST_FREE});
const sums = new BigInt64Array(memory.buffer, ${SUMS_AT}, 4);
const shared = [];
const files = new Map();
const HEAP_FROM = (job) => Math.ceil((${CHUNK_AT} + job.blockRows * job.stride + ${SLACK_BYTES}) / 64) * 64;

function room(bytes) {
	const more = pages(bytes) - memory.buffer.byteLength / ${PAGE_BYTES};
	if (more > 0) memory.grow(more);
}

/** Where a chunk of a file lies after this. */
function readChunk(file, at, bytes) {
	let descriptor = files.get(file);
	if (descriptor === undefined) files.set(file, (descriptor = openSync(file, "r")));
	const chunk = new Uint8Array(memory.buffer, ${CHUNK_AT}, bytes);
	for (let done = 0; done < bytes; ) {
		const read = readSync(descriptor, chunk, done, bytes - done, at + done);
		if (read === 0) throw Object.assign(new Error("ends after " + (at + done) + " bytes"), { file });
		done += read;
	}
	return ${CHUNK_AT};
}

function scanAll(job) {
	const { stride, blockRows, parts, k } = job;
	const heap = HEAP_FROM(job);
	room(heap + 16 * k);
	const counter = new Int32Array(job.counter);
	const scores = job.scores && new Float64Array(job.scores);
	const total = [0n, 0n, 0n, 0n];
	const told = new Set();
	let held = 0;
	let part = 0;
	let before = 0;
	const blocksOf = (i) => Math.ceil(parts[i].rows / blockRows);
	for (;;) {
		const block = Atomics.add(counter, 0, 1);
		while (part < parts.length && block >= before + blocksOf(part)) before += blocksOf(part++);
		if (part === parts.length) break;
		const { first, rows, from, at } = parts[part];
		const skip = (block - before) * blockRows;
		const count = Math.min(blockRows, rows - skip);
		const place = at + skip * stride;
		const here = from.file === undefined ? shared[from.memory] : own;
		if (!told.has(here)) {
			told.add(here);
			here.query.set(job.query);
		}
		let records = place;
		if (from.file !== undefined) {
			try {
				records = readChunk(from.file, place, count * stride);
			} catch (cause) {
				throw Object.assign(cause, { file: from.file });
			}
		}
		here.kernels.scan(records, stride, count, here.slot, here.slot + ${QUERY_BYTES});
		const found = here.scores.subarray(0, count);
		if (scores !== undefined) scores.set(found, first + skip);
		if (here !== own) own.scores.set(found);
		own.kernels.sumsOf(own.slot + ${QUERY_BYTES}, count, ${SUMS_AT});
		for (let i = 0; i < 4; i++) total[i] += sums[i];
		if (k > 0) held = own.kernels.bestOf(own.slot + ${QUERY_BYTES}, count, first + skip, heap, held, k);
	}
	return { id: job.id, sums: total, best: new Float64Array(memory.buffer, heap, 2 * held).slice() };
}

parentPort.on("message", (message) => {
	if (message.kind === "memory") shared[message.index] = open(message.memory, ${FIRST_FREE} + member * ${SLOT_BYTES});
	else if (message.kind === "close") {
		for (const descriptor of files.values()) closeSync(descriptor);
		parentPort.close();
	} else {
		try {
			parentPort.postMessage(scanAll(message));
		} catch (cause) {
			parentPort.postMessage({ id: message.id, file: cause.file ?? "", message: cause.message });
		}
	}
});
`;
