// Twin of assembly/adamw.ts.
const f = Math.fround;

/** See Kernels.adamw; `s` as there. Writes over p, m and v. */
export function twinAdamw(p: Float32Array, m: Float32Array, v: Float32Array, g: Float32Array, s: Float32Array): void {
	const [rate, c1, c2, factor, beta1, rest1, beta2, rest2, epsilon, epsilonRoot, decay] = [...s] as number[] & {
		length: 11;
	};
	for (let i = 0; i < p.length; i++) {
		const d = f(g[i]! * factor!);
		m[i] = f(m[i]! * beta1!) + f(d * rest1!);
		v[i] = f(v[i]! * beta2!) + f(f(d * d) * rest2!);
		const root = f(Math.sqrt(f(f(v[i]! * c2!) + epsilonRoot!)));
		const direction = f(f(m[i]! * c1!) / f(root + epsilon!));
		const decayed = decay === 0 ? direction : f(direction + f(p[i]! * decay!));
		p[i] = p[i]! - f(decayed * rate!);
	}
}
