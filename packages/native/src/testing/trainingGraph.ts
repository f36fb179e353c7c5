// A transformer block with its loss and gradients, large enough that every kind of call is shared among threads.
import {
	add,
	attention,
	crossEntropy,
	drawNormals,
	gather,
	gradient,
	input,
	matmul,
	reshape,
	rmsNorm,
	rope,
	siluGate,
	sumAll,
	type Tensor,
} from "../../../tensor/src/index.js";

const [B, T, H, Hkv, D, WIDE, VOCABULARY] = [3, 67, 6, 3, 22, 300, 517];
const WIDTH = H * D;

export function trainingGraph(): {
	readonly outputs: Readonly<Record<string, Tensor>>;
	readonly feeds: Readonly<Record<string, Float32Array | Int32Array>>;
} {
	const shapes: Readonly<Record<string, readonly number[]>> = {
		table: [VOCABULARY, WIDTH],
		norm: [WIDTH],
		q: [H * D, WIDTH],
		k: [Hkv * D, WIDTH],
		v: [Hkv * D, WIDTH],
		o: [WIDTH, H * D],
		gate: [WIDE, WIDTH],
		up: [WIDE, WIDTH],
		down: [WIDTH, WIDE],
	};
	const p = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, input(name, [...shape])]));
	const [cos, sin] = [input("cos", [T, D / 2]), input("sin", [T, D / 2])];
	const ids = input("ids", [B * T], "i32");
	const linear = (x: Tensor, name: string) => matmul(x, p[name]!, { transB: true });
	const x = gather(p.table!, ids);
	const h = rmsNorm(x, p.norm!, 1e-5);
	const heads = (name: string, count: number) => reshape(linear(h, name), [B, T, count, D]);
	const turned = (name: string, count: number) => rope(heads(name, count), cos, sin);
	const seen = attention(turned("q", H), turned("k", Hkv), heads("v", Hkv), 1 / Math.sqrt(D));
	const y = add(x, linear(reshape(seen, [B * T, H * D]), "o"));
	const z = rmsNorm(y, p.norm!, 1e-5);
	const out = add(y, linear(siluGate(linear(z, "gate"), linear(z, "up")), "down"));
	const loss = sumAll(crossEntropy(matmul(out, p.table!, { transB: true }), ids));
	const names = Object.keys(shapes);
	const gradients = gradient(
		loss,
		names.map((name) => p[name]!),
	);
	const draw = (shape: readonly number[], step: number) => {
		const count = shape.reduce((a, b) => a * b, 1);
		return drawNormals({ seed: 3, purpose: 17, step }, count).map((value) => value / 4);
	};
	return {
		outputs: { loss, ...Object.fromEntries(names.map((name, i) => [`d_${name}`, gradients[i]!])) },
		feeds: {
			...Object.fromEntries(names.map((name, i) => [name, draw(shapes[name]!, i)])),
			cos: draw([T, D / 2], 100),
			sin: draw([T, D / 2], 101),
			ids: Int32Array.from({ length: B * T }, (_, i) => (i * 131) % VOCABULARY),
		},
	};
}
