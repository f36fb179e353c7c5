// Matrix products of onnxruntime-node (CPU) and jax-js (WebAssembly), for bench/gemm.ts. They live in bench/peers with a lock file of their
// own and are installed the first time, without install scripts, so that the project itself stays light.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export type Product = { readonly M: number; readonly N: number; readonly K: number; readonly transB: 0 | 1 };
export type Peer = {
	readonly name: string;
	readonly threads: number;
	/** Operands are copied in; `read` gives the result of the last call. */
	prepare(product: Product, a: Float32Array, b: Float32Array): Promise<{ run(): Promise<void>; read(): Float32Array }>;
};

const folder = join(dirname(fileURLToPath(import.meta.url)), "peers");

/** Whether the peers are there, after an attempt to fetch them. */
export function installPeers(log: (line: string) => void): boolean {
	if (existsSync(join(folder, "node_modules", ".package-lock.json"))) return true;
	log("installing onnxruntime-node and jax-js into bench/peers (once, some 300 MB, no install scripts)");
	try {
		execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder, stdio: "pipe" });
		return true;
	} catch (cause) {
		log(
			`onnxruntime-node and jax-js left out: npm ci in bench/peers failed (${(cause as Error).message.split("\n")[0]})`,
		);
		return false;
	}
}

const require = createRequire(join(folder, "package.json"));

function varint(n: number): number[] {
	const out: number[] = [];
	let rest = n;
	for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest & 127) | 128);
	return [...out, rest];
}
const integer = (field: number, n: number): number[] => [...varint(field << 3), ...varint(n)];
const bytes = (field: number, content: readonly number[]): number[] => [
	...varint((field << 3) | 2),
	...varint(content.length),
	...content,
];
const text = (field: number, s: string): number[] => bytes(field, [...new TextEncoder().encode(s)]);

/** An ONNX model (protocol buffers, onnx.proto3) of one Gemm whose operands are both inputs, so that nothing is packed before the call. */
function onnxModel({ M, N, K, transB }: Product): Uint8Array {
	const tensor = (field: number, name: string, shape: readonly number[]) => {
		const dims = shape.flatMap((n) => bytes(1, integer(1, n)));
		return bytes(field, [...text(1, name), ...bytes(2, bytes(1, [...integer(1, 1), ...bytes(2, dims)]))]);
	};
	const attribute = bytes(5, [...text(1, "transB"), ...integer(3, transB), ...integer(20, 2)]);
	const node = [...text(1, "a"), ...text(1, "b"), ...text(2, "c"), ...text(4, "Gemm"), ...attribute];
	const graph = [
		...bytes(1, node),
		...text(2, "product"),
		...tensor(11, "a", [M, K]),
		...tensor(11, "b", transB ? [N, K] : [K, N]),
		...tensor(12, "c", [M, N]),
	];
	return Uint8Array.from([...integer(1, 8), ...bytes(7, graph), ...bytes(8, integer(2, 17))]);
}

interface OnnxRuntime {
	readonly Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => object;
	readonly InferenceSession: {
		create(
			model: Uint8Array,
			options: object,
		): Promise<{ run(feeds: object, fetches: object): Promise<unknown>; release(): Promise<void> }>;
	};
}

export function onnxPeer(threads: number): Peer {
	const { InferenceSession, Tensor } = require("onnxruntime-node") as OnnxRuntime;
	return {
		name: "onnxruntime-node",
		threads,
		async prepare(product, a, b) {
			const { M, N, K, transB } = product;
			const session = await InferenceSession.create(onnxModel(product), {
				executionProviders: ["cpu"],
				intraOpNumThreads: threads,
				interOpNumThreads: 1,
			});
			const c = new Float32Array(M * N);
			const feeds = {
				a: new Tensor("float32", a, [M, K]),
				b: new Tensor("float32", b, transB ? [N, K] : [K, N]),
			};
			const fetches = { c: new Tensor("float32", c, [M, N]) };
			return {
				run: async () => void (await session.run(feeds, fetches)),
				read: () => c,
			};
		},
	};
}

interface JaxArray {
	readonly ref: JaxArray;
	reshape(shape: readonly number[]): JaxArray;
	blockUntilReady(): Promise<JaxArray>;
	dataSync(): Float32Array;
	dispose(): void;
}
interface Jax {
	init(device: string): Promise<readonly string[]>;
	defaultDevice(device: string): string;
	jit(f: (a: JaxArray, b: JaxArray) => JaxArray): (a: JaxArray, b: JaxArray) => JaxArray;
	readonly numpy: {
		array(data: Float32Array): JaxArray;
		matmul(a: JaxArray, b: JaxArray): JaxArray;
		transpose(a: JaxArray): JaxArray;
	};
}

/** jax-js on its WebAssembly backend; it decides on threads by itself (0 says so). */
export async function jaxPeer(): Promise<Peer> {
	const entry = join(folder, "node_modules", "@jax-js", "jax", "dist", "index.js");
	const jax = (await import(pathToFileURL(entry).href)) as Jax;
	await jax.init("wasm");
	jax.defaultDevice("wasm");
	const { numpy } = jax;
	return {
		name: "jax-js",
		threads: 0,
		async prepare({ M, N, K, transB }, a, b) {
			const x = numpy.array(a).reshape([M, K]);
			const y = numpy.array(b).reshape(transB ? [N, K] : [K, N]);
			const product = jax.jit((p, q) => numpy.matmul(p, transB ? numpy.transpose(q) : q));
			let last: JaxArray | undefined;
			return {
				async run() {
					last?.dispose();
					last = await product(x.ref, y.ref).blockUntilReady();
				},
				read: () => last!.ref.dataSync(),
			};
		},
	};
}
