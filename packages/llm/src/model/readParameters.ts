// A model's numbers from one safetensors file or several. All names and shapes are held against the config before a number is read.

import { ModelError } from "../errors.js";
import { openSafetensors } from "../formats/safetensors.js";
import type { LlamaConfig } from "./config.js";
import { EMBEDDING, HEAD, parameterShapes } from "./parameters.js";

interface Source {
	readonly file: string;
	readonly shape: readonly number[];
	readonly read: () => Float32Array;
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
	a.length === b.length && a.every((d, i) => d === b[i]);

/** Tables that old files keep although they follow from the config. */
const DERIVED = /^model\.layers\.\d+\.self_attn\.rotary_emb\.inv_freq$/;

function collect(files: ReadonlyMap<string, Uint8Array>, map?: ReadonlyMap<string, string>): Map<string, Source> {
	const sources = new Map<string, Source>();
	for (const [file, bytes] of files) {
		const opened = openSafetensors(bytes, file);
		for (const [name, shape] of opened.shapes) {
			const wanted = map?.get(name);
			if (map !== undefined && (wanted === undefined || !file.endsWith(`/${wanted}`))) {
				throw new ModelError(
					"tensor-unexpected",
					`${file}: holds ${name}, which the index places in ${wanted ?? "no file"}`,
				);
			}
			sources.set(name, { file, shape, read: () => opened.read(name) });
		}
	}
	for (const [name, file] of map ?? []) {
		if (!sources.has(name))
			throw new ModelError("tensor-missing", `${file}: ${name} is missing; the index places it there`);
	}
	return sources;
}

/** Tied models store the one matrix under either name, or twice; a second copy must be the same. */
function resolveTie(sources: Map<string, Source>): void {
	const [embedding, head] = [sources.get(EMBEDDING), sources.get(HEAD)];
	if (head === undefined) return;
	sources.delete(HEAD);
	if (embedding === undefined) {
		sources.set(EMBEDDING, head);
		return;
	}
	const refuse = () => {
		throw new ModelError(
			"tensor-unexpected",
			`${head.file}: ${HEAD} differs from ${EMBEDDING}, but config.json ties them; tie_word_embeddings should be false`,
		);
	};
	if (!sameShape(embedding.shape, head.shape)) refuse();
	sources.set(EMBEDDING, {
		...embedding,
		read() {
			const [a, b] = [embedding.read(), head.read()];
			if (a.some((x, i) => !Object.is(x, b[i]))) refuse();
			return a;
		},
	});
}

/**
 * Every parameter of `config` as f32 by name, from the bytes of files by path. Missing, unexpected and misshapen tensors are
 * refused by name. `map` is the weight map of a sharded model, which must agree with what its files hold.
 */
export function readParameters(
	config: LlamaConfig,
	files: ReadonlyMap<string, Uint8Array>,
	map?: ReadonlyMap<string, string>,
): Map<string, Float32Array> {
	const sources = collect(files, map);
	if (config.tiedEmbeddings) resolveTie(sources);
	const shapes = parameterShapes(config);
	const [somewhere] = files.keys();
	for (const [name, shape] of shapes) {
		const source = sources.get(name);
		if (source === undefined)
			throw new ModelError("tensor-missing", `${somewhere}: ${name} is missing; config.json asks for it`);
		if (!sameShape(source.shape, shape)) {
			throw new ModelError(
				"tensor-shape",
				`${source.file}: ${name} is [${source.shape}], config.json asks for [${shape}]`,
			);
		}
	}
	for (const [name, { file }] of sources) {
		if (!shapes.has(name) && !DERIVED.test(name))
			throw new ModelError("tensor-unexpected", `${file}: ${name} is no parameter of this model`);
	}
	return new Map([...shapes.keys()].map((name) => [name, sources.get(name)!.read()]));
}
