// The panel layout of a right-hand matrix, and twins of assembly/packed.ts.
import { twinGemm } from "./gemm.js";

/** Columns of a panel. */
export const PANEL = 16;

/** W [N,K] as [⌈N/16⌉][K][16]: row n of W is lane n mod 16 of panel ⌊n/16⌋; missing rows are zero. */
export function packPanels(w: Float32Array, N: number, K: number): Float32Array {
	const out = new Float32Array(Math.ceil(N / PANEL) * PANEL * K);
	for (let n = 0; n < N; n++) {
		const at = (n - (n % PANEL)) * K + (n % PANEL);
		for (let k = 0; k < K; k++) out[at + PANEL * k] = w[n * K + k]!;
	}
	return out;
}

/** The N rows that `packPanels` took. */
export function unpackPanels(panels: Float32Array | Float64Array, N: number, K: number): Float32Array {
	const out = new Float32Array(N * K);
	for (let n = 0; n < N; n++) {
		const at = (n - (n % PANEL)) * K + (n % PANEL);
		for (let k = 0; k < K; k++) out[n * K + k] = panels[at + PANEL * k]!;
	}
	return out;
}

/** x [M,K] · panels → [M,N]. */
export function twinGemmPacked(x: Float32Array, panels: Float32Array, M: number, N: number, K: number): Float32Array {
	return twinGemm(x, unpackPanels(panels, N, K), M, N, K, false, true);
}
