// Twin of assembly/gemm.ts.

const f = Math.fround;

/** op(A)·op(B): A is [M,K], or [K,M] when transA; B is [K,N], or [N,K] when transB. */
export function twinGemm(
	a: Float32Array,
	b: Float32Array,
	M: number,
	N: number,
	K: number,
	transA: boolean,
	transB: boolean,
): Float32Array {
	const out = new Float32Array(M * N);
	for (let i = 0; i < M; i++) {
		for (let j = 0; j < N; j++) {
			let sum = 0;
			for (let k = 0; k < K; k++) {
				const x = a[transA ? k * M + i : i * K + k]!;
				const y = b[transB ? j * K + k : k * N + j]!;
				sum = f(sum + f(x * y));
			}
			out[i * N + j] = sum;
		}
	}
	return out;
}
