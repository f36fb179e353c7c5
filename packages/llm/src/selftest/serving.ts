// Self-test, fifth part: what only serving uses. Attention over blocks and the low-rank terms of many adapters, on sizes that threads share, and
// a tiny model that answers several sequences in one pass.

import {
	compile,
	input,
	LOW_RANK,
	lowRankAdd,
	lowRankSizes,
	type Machine,
	pagedAttention,
	storedRank,
} from "@openledger/tensor";
import { createEngine } from "../generation/engine.js";
import { readAdapter } from "../lora/peft.js";
import { writeAdapterConfig } from "../lora/peftConfig.js";
import { LINEARS } from "../model/parameters.js";
import { bytesOf } from "./bytesOf.js";
import { tinyAdapter } from "./tinyAdapter.js";
import { tinyBase } from "./tinyBase.js";

/** Numbers of full mantissas within ±1/8. */
const numbers = (count: number, step: number): Float32Array =>
	Float32Array.from({ length: count }, (_, i) => (((i * 40503 + step * 9973) % 65521) - 32760) / 262139);

/** Sequences of one token, of a few and of a chunk, over blocks in no order. */
function attended(machine: Machine): Float32Array {
	const [H, G, D, tokens, blocks, most] = [6, 3, 20, 16, 13, 4];
	const runs = [
		[1, 40],
		[30, 7],
		[3, 21],
		[1, 63],
	] as const;
	const rows = runs.reduce((n, [count]) => n + count, 0);
	const shapes = { q: [rows, H, D], k: [rows, G, D], v: [rows, G, D], pool: [blocks, tokens, G, D] };
	const pools = { keys: input("keys", shapes.pool), values: input("values", shapes.pool) };
	const places = input("places", [runs.length, most], "i32");
	const at = [input("q", shapes.q), input("k", shapes.k), input("v", shapes.v)] as const;
	const out = pagedAttention(...at, { ...pools, places }, input("segments", [runs.length, 4], "i32"), 0.3);
	const poolSize = blocks * tokens * G * D;
	const [keys, values] = [1, 2].map((step) => machine.buffer(shapes.pool, numbers(poolSize, step)));
	const firstOf = (s: number) => runs.slice(0, s).reduce((n, [count]) => n + count, 0);
	const found = compile(machine, { out }).run({
		...{ q: numbers(rows * H * D, 3), k: numbers(rows * G * D, 4), v: numbers(rows * G * D, 5) },
		...{ keys: keys!, values: values! },
		segments: Int32Array.from(runs.flatMap(([count, past], s) => [firstOf(s), count, past, 0])),
		// Every sequence writes into blocks of its own; the first block of the last two is one that nobody writes.
		places: Int32Array.from([9, 2, 11, 0, 7, 1, 4, 0, 12, 3, 0, 0, 12, 10, 6, 8]),
	}).out;
	keys!.free();
	values!.free();
	return found;
}

/** Groups of one row and of more, of ranks from 4 to 64. */
function adapted(machine: Machine): Float32Array {
	const [R, K, N] = [19, 301, 203];
	const groups = [
		[0, 1, 8],
		[1, 1, 64],
		[3, 9, 12],
		[12, 1, 4],
		[13, 5, 20],
	] as const;
	const bits = new Int32Array(Float32Array.of(2, 0.3, -1.7, 1, 0.01).buffer);
	let top = 0;
	const table = groups.flatMap(([first, count, rank], g) => {
		const sizes = lowRankSizes(rank, K, N);
		const A = top;
		const B = A + sizes.A + 4;
		top = B + sizes.B;
		return [first, count, storedRank(rank), A, B, bits[g]!];
	});
	const shapes = { y: [R, N], x: [R, K], pool: [top] } as const;
	const out = lowRankAdd(
		input("y", shapes.y),
		input("x", shapes.x),
		input("pool", shapes.pool),
		input("groups", [1, groups.length, LOW_RANK], "i32"),
		0,
	);
	const feeds = { y: numbers(R * N, 6), x: numbers(R * K, 7), pool: numbers(top, 8), groups: Int32Array.from(table) };
	return compile(machine, { out }).run(feeds).out;
}

/** Logits of a paged batch: adapters of two ranks and none, prompts in chunks, one that begins as another did. */
function decoded(machine: Machine): Float32Array[] {
	const base = tinyBase();
	const engine = createEngine(base, machine);
	const batch = engine.openPaged({
		rows: 32,
		sequences: 4,
		cacheBytes: 1 << 18,
		adapterBytes: 1 << 19,
		blockTokens: 8,
	});
	const resident = [4, 9].map((rank) => {
		const { config, model } = tinyAdapter(base, { rank, alpha: 6, targets: LINEARS });
		return batch.makeResident(readAdapter(base.config, writeAdapterConfig(config, "tiny"), model));
	});
	const prompt = (seed: number) => Array.from({ length: 12 }, (_, i) => 1 + ((i * 37 + seed * 11) % 250));
	const open = [undefined, resident[0], resident[1]].map((adapter, i) => batch.open(prompt(i), adapter));
	const out: (Float32Array | undefined)[] = [];
	out.push(...batch.step(open.map((sequence, i) => ({ sequence, tokens: prompt(i).slice(0, 9 + i), logits: i > 0 }))));
	open.push(batch.open(prompt(1), resident[0]));
	const rest = open.map((sequence, i) => ({ sequence, tokens: prompt(i % 3).slice(sequence.length), logits: true }));
	out.push(...batch.step(rest.filter(({ tokens }) => tokens.length > 0)));
	out.push(...batch.step(open.map((sequence, i) => ({ sequence, tokens: [40 + i], logits: true }))));
	batch.close();
	return out.filter((logits) => logits !== undefined);
}

/** All of it. */
export function serving(machine: Machine): Uint8Array[] {
	return [attended(machine), adapted(machine), ...decoded(machine)].map(bytesOf);
}
