// The kernels' interface: names, arguments and types of the WASM module's exports. Knows nothing of graphs or buffers.
//
// Pointers are byte offsets into the memory, 16-byte aligned; elements are f32 unless said; sizes are i32. A kernel keeps no
// state and allocates nothing. The exact order of every sum is written at the kernel in assembly/ and at its twin in twin/.

export interface Kernels {
	/** C[M,N] = op(A)·op(B); A is [M,K], or [K,M] when transA; B is [K,N], or [N,K] when transB. Sums over k in order. */
	gemm(
		a: number,
		b: number,
		c: number,
		M: number,
		N: number,
		K: number,
		transA: number,
		transB: number,
		scratch: number,
	): void;
	/** Upper bound of the scratch of gemm and gemmBatch, in bytes. */
	gemmScratchBytes(M: number, N: number, K: number): number;
	/** `batch` products; strides in elements, 0 shares the matrix. */
	gemmBatch(
		a: number,
		b: number,
		c: number,
		batch: number,
		strideA: number,
		strideB: number,
		strideC: number,
		M: number,
		N: number,
		K: number,
		transA: number,
		transB: number,
		scratch: number,
	): void;
	/**
	 * Columns of the panels first … last − 1 of x [M,K] · panels into out [M,N]; panels are [⌈N/16⌉][K][16], missing columns zero. The bits of
	 * gemm with transB.
	 */
	gemmPacked(
		x: number,
		panels: number,
		out: number,
		M: number,
		N: number,
		K: number,
		first: number,
		last: number,
	): void;
	/** out[i,:] = row ids[i] of a table that is packed like that; ids are i32 and in range. */
	gatherPacked(panels: number, ids: number, out: number, count: number, K: number): void;
	/**
	 * The same with int8 weights [⌈N/16⌉][⌈K/4⌉][16][4], scales [⌈N/16⌉·16], and the rows of x quantised by their greatest |x|: see
	 * twin/quantised.ts. K ≤ 133,144.
	 */
	gemmQuantised(
		x: number,
		words: number,
		scales: number,
		out: number,
		M: number,
		N: number,
		K: number,
		first: number,
		last: number,
		scratch: number,
	): void;
	gemmQuantisedScratchBytes(M: number, K: number): number;
	/** out[i,:] = int8 · scale of row ids[i]. */
	gatherQuantised(words: number, scales: number, ids: number, out: number, count: number, K: number): void;
	/** op 0 add, 1 sub, 2 mul, 3 div, 4 greater (1 or 0); mode 0 same shape, 1 b is one element, 2 a is one. out may be a or b. */
	binary(op: number, a: number, b: number, out: number, n: number, mode: number): void;
	/** op 0 neg, 1 exp, 2 log, 3 sqrt, 4 sin, 5 cos (|x| ≤ 65536, NaN beyond), 6 reciprocal. out may be a. */
	unary(op: number, a: number, out: number, n: number): void;
	/** params points to i32 dims[ndim], srcStrides[ndim], dstStrides[ndim] in elements; source stride 0 repeats; ndim ≤ 6. */
	copyStrided(src: number, dst: number, ndim: number, params: number): void;
	fill(dst: number, value: number, n: number): void;
	/** out[outer,inner] = Σ over n: strided-8 when inner is 1, else in order. */
	reduceSum(x: number, out: number, outer: number, n: number, inner: number): void;
	/** out[outer,inner] = greatest over n ≥ 1; a zero result is +0; inputs are finite. */
	reduceMax(x: number, out: number, outer: number, n: number, inner: number): void;
	/** out[i,:] = table[ids[i],:]; ids are i32 and in range. */
	gatherRows(table: number, ids: number, out: number, count: number, width: number): void;
	/** out[ids[i],:] += dy[i,:] in order of i; out is zeroed by the caller. */
	scatterAddRows(ids: number, dy: number, out: number, count: number, width: number): void;
	/** out = (x·r)·w by row; r = 1/√(strided-8 Σx²/width + eps). out may be x. */
	rmsNorm(x: number, w: number, out: number, rows: number, width: number, eps: number): void;
	/** dx = (dy·w)·r − x·c; c = (S·((r·r)·r))/width, S the strided-8 sum of (dy·w)·x. */
	rmsNormGradX(x: number, w: number, dy: number, dx: number, rows: number, width: number, eps: number): void;
	/** dw = Σ over rows in order of dy·(x·r). */
	rmsNormGradW(x: number, dy: number, dw: number, rows: number, width: number, eps: number): void;
	/** Half rotation of x [B,T,H,D] by cos, sin [T,D/2]; sign 1 turns, −1 turns back. out is not x. */
	rope(
		x: number,
		cos: number,
		sin: number,
		out: number,
		B: number,
		T: number,
		H: number,
		D: number,
		sign: number,
	): void;
	/** Causal attention; q, out [B,T,H,D]; k, v [B,T,Hkv,D]; head h reads kv head floor(h/(H/Hkv)). */
	attention(
		q: number,
		k: number,
		v: number,
		out: number,
		B: number,
		T: number,
		H: number,
		Hkv: number,
		D: number,
		scale: number,
		scratch: number,
	): void;
	/** Attention of the last Tq of Tk positions, with their bits in the full pass; k, v [B,capacity,Hkv,D], Tk rows filled. */
	attentionCached(
		q: number,
		k: number,
		v: number,
		out: number,
		B: number,
		Tq: number,
		Tk: number,
		capacity: number,
		H: number,
		Hkv: number,
		D: number,
		scale: number,
		scratch: number,
	): void;
	/**
	 * The same over keys and values in blocks: q, out [rows,H,D]; pools k, v [blocks,tokens,Hkv,D], tokens a multiple of 8; segments i32 [S,4] of
	 * first row, rows, positions before, unused; places i32 [S,most], each sequence's blocks. The pools hold the new rows already. Rows of no
	 * sequence are left as they are.
	 */
	attentionPaged(
		q: number,
		k: number,
		v: number,
		out: number,
		segments: number,
		places: number,
		S: number,
		most: number,
		tokens: number,
		H: number,
		Hkv: number,
		D: number,
		scale: number,
		scratch: number,
	): void;
	attentionPagedScratchBytes(most: number, tokens: number, D: number): number;
	/**
	 * y [M,N] in place plus, for the rows of each group, scale·(x·A)·B in this order of products; x [M,K]. table i32 [groups,6]: first row, rows, stored
	 * rank, places of A [K][rank] and of B [⌈N/16⌉][rank][16] in the pool (in f32, multiples of 4; four more numbers lie behind A), the
	 * scale's bits; in the order of their rows. Ranks are multiples of 4, at most 1024; groups of no rows or of rank 0 add nothing.
	 */
	lowRankAdd(
		y: number,
		x: number,
		pool: number,
		table: number,
		groups: number,
		M: number,
		N: number,
		K: number,
		scratch: number,
	): void;
	lowRankScratchBytes(): number;
	/** Scratch of attention (T) and attentionCached (Tk), in bytes. */
	attentionScratchBytes(T: number, D: number): number;
	/** dqkv = dq [B,T,H,D], dk [B,T,Hkv,D], dv [B,T,Hkv,D], one after the other. */
	attentionGrad(
		q: number,
		k: number,
		v: number,
		dout: number,
		dqkv: number,
		B: number,
		T: number,
		H: number,
		Hkv: number,
		D: number,
		scale: number,
		scratch: number,
	): void;
	attentionGradScratchBytes(T: number, D: number): number;
	/** out = (g·sigmoid(g))·u; sigmoid = 1/(1+exp(−g)). */
	siluGate(g: number, u: number, out: number, n: number): void;
	/** dgu = dg then du: dg = (dy·u)·(s·(1+g·(1−s))), du = dy·(g·s). */
	siluGateGrad(g: number, u: number, dy: number, dgu: number, n: number): void;
	/** out[row] = log(Σ exp(x−max)) − (x_target − max); targets are i32 and in range. */
	crossEntropy(logits: number, targets: number, out: number, rows: number, V: number): void;
	/** out = (exp(x−max)/Σ − [j = target])·dl[row]. out may be logits. */
	crossEntropyGrad(logits: number, targets: number, dl: number, out: number, rows: number, V: number): void;
	/**
	 * One AdamW step over p, m, v in place; the gradient is g·factor. s points to rate, correction1, correction2, factor, β₁, 1−β₁, β₂,
	 * 1−β₂, ε, εroot, decay: m·β₁ + g·(1−β₁); v·β₂ + (g·g)·(1−β₂); p − ((m·c₁)/(√(v·c₂+εroot)+ε) [+ p·decay if it is not 0])·rate.
	 */
	adamw(p: number, m: number, v: number, g: number, n: number, s: number): void;
	/** Index of the first NaN or infinity, or −1. */
	firstNonFinite(x: number, n: number): number;
	/** Roofline loop: 56 FLOPs per iteration in registers. */
	peak(iterations: number): number;
}

/** Parts of kernels, for threads: what the WASM module exports beside `Kernels`. */
export interface KernelParts {
	/** Rows m0..m1-1 and columns n0..n1-1 of gemm's product, at their places in c. */
	gemmPart(
		a: number,
		b: number,
		c: number,
		M: number,
		N: number,
		K: number,
		transA: number,
		transB: number,
		m0: number,
		m1: number,
		n0: number,
		n1: number,
		scratch: number,
	): void;
	/** Heads first..last-1 of the B·H heads of attentionCached. */
	attentionHeads(
		q: number,
		k: number,
		v: number,
		out: number,
		B: number,
		Tq: number,
		Tk: number,
		capacity: number,
		H: number,
		Hkv: number,
		D: number,
		scale: number,
		first: number,
		last: number,
		scratch: number,
	): void;
	/** Heads first..last-1 of the S·H heads of attentionPaged. */
	attentionPagedHeads(
		q: number,
		k: number,
		v: number,
		out: number,
		segments: number,
		places: number,
		most: number,
		tokens: number,
		H: number,
		Hkv: number,
		D: number,
		scale: number,
		first: number,
		last: number,
		scratch: number,
	): void;
	/** Rows from..to-1 of lowRankAdd. */
	lowRankRows(
		y: number,
		x: number,
		pool: number,
		table: number,
		groups: number,
		N: number,
		K: number,
		from: number,
		to: number,
		scratch: number,
	): void;
	/** Groups first..last-1 of the B·Hkv groups of attentionGrad. */
	attentionGradGroups(
		q: number,
		k: number,
		v: number,
		dout: number,
		dqkv: number,
		B: number,
		T: number,
		H: number,
		Hkv: number,
		D: number,
		scale: number,
		first: number,
		last: number,
		scratch: number,
	): void;
	/** siluGateGrad with dg and du in places of their own. */
	siluGateGradPart(g: number, u: number, dy: number, dg: number, du: number, n: number): void;
	/** Columns first..last-1 of rmsNormGradW. */
	rmsNormGradWPart(
		x: number,
		dy: number,
		dw: number,
		rows: number,
		width: number,
		eps: number,
		first: number,
		last: number,
	): void;
	/** copyStrided for indices first..last-1 of one axis. */
	copyStridedPart(
		src: number,
		dst: number,
		ndim: number,
		params: number,
		axis: number,
		first: number,
		last: number,
	): void;
}
