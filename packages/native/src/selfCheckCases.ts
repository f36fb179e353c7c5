// Small calls of every kernel on inputs that are hard on arithmetic: subnormals, ±0, sums that cancel, wide exponents, odd sizes. Data only:
// a picture of memory, and calls whose outputs two implementations must agree on, bit for bit.

export interface CheckCall {
	readonly kernel: string;
	readonly args: readonly number[];
	/** Where the result stands: byte address and count of f32. */
	readonly at: number;
	readonly count: number;
}

export interface CheckCases {
	/** What the memory holds before the first call. */
	readonly memory: Uint8Array;
	readonly calls: readonly CheckCall[];
}

const MEMORY_BYTES = 1 << 21;
/** WebAssembly's constants stand in the first page. */
const FIRST = 1 << 16;

function generator(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return ((state ^ (state >>> 15)) >>> 0) / 4294967296;
	};
}

const SPECIAL = [
	0, -0, 1e-45, -1e-45, 1.17549435e-38, 88.72283, 88.7229, -87.4, -103.9, -104, 3.4e38, 1, -1, 65536, 65537, 0.70710677,
];

/** The calls, for kernels over a memory of `memory.length` bytes. */
export function selfCheckCases(): CheckCases {
	const memory = new Uint8Array(MEMORY_BYTES);
	const calls: CheckCall[] = [];
	const random = generator(20);
	let top = FIRST;

	const take = (bytes: number): number => {
		const at = top;
		top = (top + bytes + 63) & ~63;
		if (top > MEMORY_BYTES) throw new RangeError("selfCheckCases: the memory is too small for its cases");
		return at;
	};
	const put = (values: Float32Array | Int32Array): number => {
		const at = take(values.byteLength);
		memory.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
		return at;
	};
	const hard = (n: number, scale = 1): number => {
		const out = new Float32Array(n);
		for (let i = 0; i < n; i++) {
			const x = (4 * random() - 2) * scale;
			const kind = Math.floor(random() * 10);
			if (kind === 0) out[i] = x * 1e-39;
			else if (kind === 1) out[i] = x < 0 ? -0 : 0;
			else if (kind === 2 && i > 0) out[i] = -out[i - 1]! * (1 + 2 ** -22);
			else if (kind === 3) out[i] = x * 2 ** Math.floor(40 * random() - 20);
			else out[i] = x;
		}
		return put(out);
	};
	const ints = (...values: number[]): number => put(Int32Array.from(values));
	/** `args` with the output's address in the place of `null`. */
	const call = (kernel: string, count: number, args: readonly (number | null)[]): void => {
		const at = take(4 * count);
		calls.push({ kernel, args: args.map((x) => x ?? at), at, count });
	};
	const out = null;
	/** More than any kernel writes there for these sizes; native kernels do not use it. */
	const scratch = take(1 << 18);

	for (const [M, N, K] of [
		[1, 33, 65],
		[1, 70, 129],
		[3, 17, 40],
		[5, 19, 7],
		[14, 50, 70],
		[33, 65, 130],
		[6, 100, 5],
	] as const) {
		const [a, b] = [hard(M * K), hard(K * N)];
		for (const trans of [0, 1, 2, 3]) call("gemm", M * N, [a, b, out, M, N, K, trans & 1, trans >> 1, scratch]);
	}
	const [ga, gb] = [hard(3 * 5 * 21), hard(3 * 21 * 18)];
	for (const strideB of [0, 21 * 18])
		call("gemmBatch", 3 * 5 * 18, [ga, gb, out, 3, 5 * 21, strideB, 5 * 18, 5, 18, 21, 0, strideB ? 1 : 0, scratch]);

	for (const [M, N, K] of [
		[1, 150, 67],
		[1, 70, 576],
		[2, 16, 5],
		[5, 33, 130],
		[16, 100, 24],
		[19, 31, 9],
	] as const) {
		const panels = Math.ceil(N / 16);
		const x = hard(M * K);
		call("gemmPacked", M * N, [x, hard(16 * panels * K), out, M, N, K, 0, panels]);
		const words = Int32Array.from({ length: 16 * panels * Math.ceil(K / 4) }, () => {
			const bytes = Array.from({ length: 4 }, () => Math.floor(255 * random()) - 127);
			return bytes.reduce((word, byte, i) => word | ((byte & 255) << (8 * i)), 0);
		});
		const scales = hard(16 * panels);
		call("gemmQuantised", M * N, [x, put(words), scales, out, M, N, K, 0, panels, scratch]);
	}
	const rows = [new Float32Array(40), new Float32Array(40).fill(2 ** -149), new Float32Array(40).fill(7)];
	for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY])
		rows.push(Float32Array.from({ length: 40 }, (_, i) => (i === 3 ? wrong : i)));
	const corner = put(Float32Array.from(rows.flatMap((row) => [...row])));
	const extreme = put(new Int32Array(16 * 10).fill(-0x7e7e7e7f));
	call("gemmQuantised", rows.length * 16, [corner, extreme, hard(16), out, rows.length, 16, 40, 0, 1, scratch]);

	const [xa, xb] = [hard(149), hard(149)];
	for (const op of [0, 1, 2, 3, 4]) for (const mode of [0, 1, 2]) call("binary", 149, [op, xa, xb, out, 149, mode]);
	const special = put(Float32Array.from([...SPECIAL, Infinity, -Infinity, NaN]));
	const wide = hard(301, 40);
	for (const op of [0, 1, 2, 3, 4, 5, 6]) {
		call("unary", SPECIAL.length + 3, [op, special, out, SPECIAL.length + 3]);
		call("unary", 301, [op, wide, out, 301]);
	}
	call("fill", 37, [out, -1.5, 37]);

	const source = hard(1300);
	for (const [dims, from, to, count] of [
		[[37], [3], [1], 37],
		[[5, 33], [0, 1], [33, 1], 165],
		[[19, 21], [1, 19], [21, 1], 399],
		[[3, 10, 34], [340, 1, 10], [340, 34, 1], 1020],
		[[2, 3, 4, 5], [60, 5, 15, 1], [60, 20, 5, 1], 120],
		[[2, 3, 2, 3, 2, 3], [1, 2, 6, 12, 36, 72], [108, 36, 18, 6, 3, 1], 216],
	] as const)
		call("copyStrided", count, [source, out, dims.length, ints(...dims, ...from, ...to)]);

	for (const [n, inner] of [
		[1, 1],
		[45, 1],
		[16, 1],
		[9, 7],
		[5, 53],
	] as const) {
		const x = hard(3 * n * inner);
		call("reduceSum", 3 * inner, [x, out, 3, n, inner]);
		call("reduceMax", 3 * inner, [x, out, 3, n, inner]);
	}
	for (const width of [6, 37]) {
		const [ids, table, dy] = [ints(3, 0, 3, 3, 1), hard(5 * width), hard(5 * width)];
		call("gatherRows", 5 * width, [table, ids, out, 5, width]);
		call("scatterAddRows", 5 * width, [ids, dy, out, 5, width]);
	}

	for (const width of [5, 24, 75]) {
		const [x, w, dy] = [hard(5 * width), hard(width), hard(5 * width)];
		call("rmsNorm", 5 * width, [x, w, out, 5, width, 1e-5]);
		call("rmsNormGradX", 5 * width, [x, w, dy, out, 5, width, 1e-5]);
		call("rmsNormGradW", width, [x, dy, out, 5, width, 1e-5]);
	}
	for (const D of [6, 32, 74]) {
		const [x, cos, sin] = [hard(2 * 5 * 3 * D), hard((5 * D) / 2), hard((5 * D) / 2)];
		for (const sign of [1, -1]) call("rope", 2 * 5 * 3 * D, [x, cos, sin, out, 2, 5, 3, D, sign]);
	}

	for (const [B, T, H, Hkv, D] of [
		[1, 1, 1, 1, 4],
		[2, 7, 4, 2, 6],
		[1, 21, 2, 1, 16],
		[1, 37, 2, 2, 20],
	] as const) {
		const [wideCount, narrow] = [B * T * H * D, B * T * Hkv * D];
		const [q, k, v, d] = [hard(wideCount), hard(narrow), hard(narrow), hard(wideCount)];
		call("attention", wideCount, [q, k, v, out, B, T, H, Hkv, D, 0.3, scratch]);
		call("attentionGrad", wideCount + 2 * narrow, [q, k, v, d, out, B, T, H, Hkv, D, 0.3, scratch]);
		const Tq = Math.max(1, T >> 2);
		const Tk = T - (T >> 2);
		call("attentionCached", B * Tq * H * D, [q, k, v, out, B, Tq, Tk, T, H, Hkv, D, 0.3, scratch]);
	}

	for (const [H, Hkv, D, tokens, runs] of [
		[
			4,
			4,
			48,
			16,
			[
				[1, 0],
				[1, 37],
				[5, 11],
			],
		],
		[
			4,
			2,
			20,
			8,
			[
				[2, 21],
				[0, 0],
				[1, 16],
				[9, 0],
			],
		],
		[
			9,
			1,
			6,
			8,
			[
				[1, 30],
				[4, 4],
			],
		],
	] as const) {
		const rows = runs.reduce((n, [count]) => n + count, 0);
		const pool = () => hard(9 * tokens * Hkv * D);
		const [q, k, v] = [hard(rows * H * D), pool(), pool()];
		const firstOf = (s: number) => runs.slice(0, s).reduce((n, [count]) => n + count, 0);
		const segments = runs.flatMap(([count, past], s) => [firstOf(s), count, past, 0]);
		const places = runs.flatMap((_, s) => Array.from({ length: 5 }, (_, i) => (5 * s + 2 * i + (s % 2) * i) % 9));
		const sizes = [runs.length, 5, tokens, H, Hkv, D, 0.3];
		call("attentionPaged", rows * H * D, [q, k, v, out, ints(...segments), ints(...places), ...sizes, scratch]);
	}
	for (const [M, N, K, groups] of [
		[
			5,
			48,
			33,
			[
				[0, 1, 8],
				[1, 1, 8],
				[2, 1, 8],
				[3, 1, 4],
			],
		],
		[
			14,
			37,
			20,
			[
				[1, 2, 12],
				[3, 1, 0],
				[4, 7, 4],
				[12, 1, 20],
			],
		],
	] as const) {
		let reach = 0;
		const takeNumbers = (count: number) => {
			reach += count;
			return reach - count;
		};
		const scales = new Int32Array(Float32Array.of(0.5, -1.25, 3, 1e-3).buffer);
		const table = groups.flatMap(([first, rows, rank], g) => [
			...[first, rows, rank],
			...[takeNumbers(rank * K + 4), takeNumbers(rank * 16 * Math.ceil(N / 16))],
			scales[g]!,
		]);
		const y = hard(M * N);
		const args = [y, hard(M * K), hard(reach), ints(...table), groups.length, M, N, K, scratch];
		calls.push({ kernel: "lowRankAdd", args, at: y, count: M * N });
	}

	for (const n of [7, 100]) {
		const [g, u, dy] = [hard(n, 15), hard(n), hard(n)];
		call("siluGate", n, [g, u, out, n]);
		call("siluGateGrad", 2 * n, [g, u, dy, out, n]);
	}
	for (const V of [1, 7, 61, 200]) {
		const [logits, targets, dl] = [hard(3 * V, 9), ints(0, V >> 1, V - 1), hard(3)];
		call("crossEntropy", 3, [logits, targets, out, 3, V]);
		call("crossEntropyGrad", 3 * V, [logits, targets, dl, out, 3, V]);
	}
	for (const decay of [0, 0.01]) {
		const [state, g] = [hard(3 * 53), hard(53)];
		const settings = put(Float32Array.of(0.01, 1.2, 1.1, 0.7, 0.9, 0.1, 0.95, 0.05, 1e-8, 1e-12, decay));
		const args = [state, state + 4 * 53, state + 8 * 53, g, 53, settings];
		calls.push({ kernel: "adamw", args, at: state, count: 3 * 53 });
	}
	// Their results are numbers, not arrays: they are compared as what the call returns.
	for (const at of [special, wide, xa])
		calls.push({ kernel: "firstNonFinite", args: [at, SPECIAL.length + 3], at: 0, count: 0 });
	return { memory, calls };
}
