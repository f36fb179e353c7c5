// What a finished run consists of, by name, and the form of its states. It must not know where the files lie.

import { readSafetensors, type TensorMap, type TrainerState, writeSafetensors } from "@openledger/llm";
import type { Hex } from "@openledger/protocol";
import { RunError } from "./errors.js";

/** Names within the run. */
export const RUN_FILES = {
	checkpoint: (step: number) => `checkpoint-${step}.safetensors`,
	features: "features.bin",
	space: "features-space.safetensors",
	adapterModel: "adapter/adapter_model.safetensors",
	adapterConfig: "adapter/adapter_config.json",
	run: "run.json",
} as const;

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
