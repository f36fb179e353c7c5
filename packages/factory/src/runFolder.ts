// A run's folder: every file is written whole to a temporary name, flushed, then renamed, so a kill leaves the old or the new one.

import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readSafetensors, type TensorMap, type TrainerState, writeSafetensors } from "@openledger/llm";
import type { Hex } from "@openledger/protocol";
import { RunError } from "./errors.js";

/** Writes a file atomically and durably. */
export async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	const temporary = `${path}.writing`;
	const file = await open(temporary, "w");
	try {
		await file.writeFile(content);
		await file.sync();
	} finally {
		await file.close();
	}
	await rename(temporary, path);
	const folder = await open(dirname(path), "r");
	try {
		await folder.sync();
	} finally {
		await folder.close();
	}
}

/** The file's bytes, or undefined where there is none. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
	try {
		return await readFile(path);
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw cause;
	}
}

const PARTS = ["parameters", "first", "second"] as const;

/** A trainer's state as one safetensors file; with `digest`, its own digest in the metadata, by which damage is found. */
export function stateBytes(state: TrainerState, { digest }: { readonly digest?: Hex } = {}): Uint8Array {
	const tensors = new Map<string, { shape: number[]; data: Float32Array }>();
	for (const part of PARTS)
		for (const [name, data] of state[part]) tensors.set(`${part}/${name}`, { shape: [data.length], data });
	return writeSafetensors(tensors, "F32", { ...(digest && { digest }), step: String(state.step) });
}

/** Reads what `stateBytes` wrote; `digest` is what the file says of itself. */
export function parseState(bytes: Uint8Array, file: string): TrainerState & { readonly digest?: string } {
	const { tensors, metadata } = readSafetensors(bytes, file);
	const pick = (part: string, map: TensorMap) =>
		new Map(
			[...map]
				.filter(([name]) => name.startsWith(`${part}/`))
				.map(([name, t]) => [name.slice(part.length + 1), t.data]),
		);
	const step = Number(metadata.step);
	if (!Number.isSafeInteger(step)) throw new RunError("run-corrupt", `${file}: metadata.step must be a whole number`);
	return {
		step,
		parameters: pick("parameters", tensors),
		first: pick("first", tensors),
		second: pick("second", tensors),
		...(metadata.digest !== undefined && { digest: metadata.digest }),
	};
}

export const files = (directory: string) => ({
	progress: join(directory, "progress.safetensors"),
	log: join(directory, "progress.json"),
	recipe: join(directory, "recipe.yaml"),
	best: join(directory, "best.safetensors"),
	checkpoint: (step: number) => join(directory, `checkpoint-${step}.safetensors`),
	features: join(directory, "features.bin"),
	space: join(directory, "features-space.safetensors"),
	adapterModel: join(directory, "adapter", "adapter_model.safetensors"),
	adapterConfig: join(directory, "adapter", "adapter_config.json"),
	run: join(directory, "run.json"),
});
