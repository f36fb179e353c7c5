// What only serving uses: attention over blocks has the twin's bits over each sequence alone, the low-rank terms of many adapters have theirs.
import { expect, test } from "vitest";
import { createArena, type Flavour, firstDifference, generator, numbers } from "./testing.js";
import { twinAttention } from "./twin/attention.js";
import { type LowRankGroup, packLowRankA, packLowRankB, storedRank, twinLowRankAdd } from "./twin/lowRank.js";

const arena = createArena(32);
const { kernels } = arena;
const guarded = (at: number) => new Uint8Array(arena.read(at, 16).buffer).every((b) => b === 0xff);

interface Run {
	readonly count: number;
	readonly past: number;
}

/** Sequences over one pool, the first two with the same first block; what no sequence holds is NaN. */
function pagedCase(
	runs: readonly Run[],
	[H, G, D, tokens]: readonly [number, number, number, number],
	flavour: Flavour,
) {
	arena.reset();
	const most = 1 + Math.max(...runs.map(({ count, past }) => Math.ceil((count + past) / tokens)));
	const blocks = runs.length * most + 3;
	const random = generator(H + D + tokens);
	const order = Array.from({ length: blocks }, (_, i) => i);
	for (let i = blocks - 1; i > 0; i--) {
		const j = Math.floor((i + 1) * random());
		[order[i], order[j]] = [order[j]!, order[i]!];
	}
	const narrow = G * D;
	const [keys, values] = [0, 1].map(() => new Float32Array(blocks * tokens * narrow).fill(Number.NaN)) as [
		Float32Array,
		Float32Array,
	];
	const rows = runs.reduce((n, { count }) => n + count, 0);
	const q = numbers(rows * H * D, 1, flavour);
	const places = new Int32Array(runs.length * most);
	const segments = new Int32Array(4 * runs.length);
	const expected = new Float32Array(rows * H * D);
	let first = 0;
	runs.forEach(({ count, past }, s) => {
		segments.set([first, count, past, 9], 4 * s);
		const T = past + count;
		const shares = s === 1 && past >= tokens && runs[0]!.past >= tokens;
		for (let i = 0; i < most; i++) places[s * most + i] = shares && i === 0 ? places[0]! : order.pop()!;
		const [k, v] = [2, 3].map((seed) => numbers(T * narrow, 10 * s + seed, flavour)) as [Float32Array, Float32Array];
		for (let j = 0; j < T; j++) {
			const at = (places[s * most + Math.floor(j / tokens)]! * tokens + (j % tokens)) * narrow;
			for (const [pool, own] of [
				[keys, k],
				[values, v],
			] as const) {
				if (shares && j < tokens) own.set(pool.subarray(at, at + narrow), j * narrow);
				else pool.set(own.subarray(j * narrow, (j + 1) * narrow), at);
			}
		}
		const whole = new Float32Array(T * H * D);
		whole.set(q.subarray(first * H * D, (first + count) * H * D), past * H * D);
		const all = twinAttention(whole, k, v, { B: 1, T, H, Hkv: G, D, scale: 0.35 });
		expected.set(all.subarray(past * H * D), first * H * D);
		first += count;
	});
	const bytes = kernels.attentionPagedScratchBytes(most, tokens, D);
	const [pq, pk, pv, ps, pp] = [
		arena.put(q),
		arena.put(keys),
		arena.put(values),
		arena.put(segments),
		arena.put(places),
	];
	const [out, scratch] = [arena.reserve(4 * expected.length), arena.reserve(bytes)];
	kernels.attentionPaged(pq, pk, pv, out, ps, pp, runs.length, most, tokens, H, G, D, 0.35, scratch);
	expect(
		firstDifference(arena.read(out, expected.length), expected),
		`${JSON.stringify(runs)} ${H} ${G} ${D} ${tokens}`,
	).toBe(-1);
	expect([out + 4 * expected.length, scratch + bytes].every(guarded)).toBe(true);
}

test.each(["plain", "hard"] as const)("attentionPaged: %s", (flavour) => {
	const random = generator(5);
	const pick = (limit: number) => Math.floor(limit * random());
	for (const shape of [
		[1, 1, 4, 8],
		[4, 4, 48, 16],
		[4, 2, 20, 8],
		[9, 3, 64, 16],
		[12, 1, 6, 24],
		[3, 3, 36, 16],
	] as const) {
		pagedCase([{ count: 1, past: 0 }], shape, flavour);
		pagedCase(
			[
				{ count: 1, past: 15 },
				{ count: 1, past: 16 },
				{ count: 0, past: 0 },
				{ count: 1, past: 70 },
			],
			shape,
			flavour,
		);
		pagedCase(
			[
				{ count: 9, past: 31 },
				{ count: 2, past: 40 },
				{ count: 33, past: 0 },
			],
			shape,
			flavour,
		);
		for (let i = 0; i < 6; i++)
			pagedCase(
				Array.from({ length: 1 + pick(5) }, () => ({ count: [1, 1, 3, 4, 17][pick(5)]!, past: pick(60) })),
				shape,
				flavour,
			);
	}
});

function lowRankCase(
	groups: readonly (readonly [first: number, count: number, rank: number])[],
	M: number,
	N: number,
	K: number,
	flavour: Flavour,
) {
	arena.reset();
	const [x, y] = [numbers(M * K, 1, flavour), numbers(M * N, 2, flavour)];
	let top = 0;
	const table: number[] = [];
	const own = groups.map(([first, count, rank], g): LowRankGroup => {
		const A = packLowRankA(numbers(rank * K, 3 + g, flavour), rank, K);
		const B = packLowRankB(numbers(N * rank, 40 + g, flavour), N, rank);
		const scale = [2, 0.37, -1e-3, 1][g % 4]!;
		const bits = new Int32Array(Float32Array.of(scale).buffer)[0]!;
		table.push(first, count, storedRank(rank), top, top + A.length + 4, bits);
		top += A.length + 4 + B.length;
		return { first, count, rank: storedRank(rank), A, B, scale };
	});
	const pool = new Float32Array(top).fill(Number.NaN);
	own.forEach(({ A, B }, g) => {
		pool.set(A, table[6 * g + 3]);
		pool.set(B, table[6 * g + 4]);
	});
	const bytes = kernels.lowRankScratchBytes();
	const [px, pp, pt] = [arena.put(x), arena.put(pool), arena.put(Int32Array.from(table))];
	const [py, scratch] = [arena.reserve(4 * M * N), arena.reserve(bytes)];
	const inPlace = arena.put(y);
	kernels.copyStrided(inPlace, py, 1, arena.put(Int32Array.from([M * N, 1, 1])));
	kernels.lowRankAdd(py, px, pp, pt, groups.length, M, N, K, scratch);
	const expected = twinLowRankAdd(y, x, own, N, K);
	expect(firstDifference(arena.read(py, M * N), expected), `${JSON.stringify(groups)} ${M}×${N}×${K} ${flavour}`).toBe(
		-1,
	);
	expect([py + 4 * M * N, scratch + bytes].every(guarded)).toBe(true);
}

test.each(["plain", "hard", "huge"] as const)("lowRankAdd: %s", (flavour) => {
	const random = generator(9);
	const pick = (limit: number) => Math.floor(limit * random());
	lowRankCase([[0, 1, 8]], 1, 16, 1, flavour);
	lowRankCase(
		Array.from({ length: 16 }, (_, g) => [g, 1, 8] as const),
		16,
		48,
		33,
		flavour,
	);
	lowRankCase(
		[
			[0, 3, 0],
			[3, 4, 4],
			[9, 0, 16],
			[9, 11, 12],
		],
		21,
		37,
		19,
		flavour,
	);
	lowRankCase(
		[
			[1, 2, 1024],
			[4, 17, 100],
		],
		21,
		20,
		9,
		flavour,
	);
	for (let i = 0; i < 25; i++) {
		const groups: [number, number, number][] = [];
		let next = pick(3);
		for (let g = 0; g < 1 + pick(9); g++) {
			const count = [1, 1, 1, 2, 3, 9][pick(6)]!;
			groups.push([next, count, [8, 8, 1, 3, 4, 16, 20, 33][pick(8)]!]);
			next += count + pick(2);
		}
		lowRankCase(groups, next + pick(3), 1 + pick(70), 1 + pick(90), flavour);
	}
});
