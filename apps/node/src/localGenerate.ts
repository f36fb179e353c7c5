// Generates with a base and an adapter from folders: no chain, no database, no payment. It must not know of models' names.

import {
	createEngine,
	type EngineOptions,
	engineId,
	type GenerateRequest,
	loadAdapter,
	loadBase,
} from "@openledger/llm";
import { loadNative } from "@openledger/native";
import { createMachine } from "@openledger/tensor";
import { readConfig } from "./config.js";

export type LocalGenerate = Pick<GenerateRequest, "maxTokens" | "sampling" | "stop" | "logprobs"> &
	EngineOptions & {
		readonly base: string;
		readonly adapter?: string;
		readonly prompt: string;
		/** Told every piece of the text as soon as it is certain. */
		readonly onText?: (piece: string) => void;
	};

/** All that one memory of WebAssembly may have. */
const MAX_BYTES = 2 ** 32;

/** Throws the llm room's `ModelError`, naming the file or the field at fault. */
export async function localGenerate(wanted: LocalGenerate) {
	const { base: folder, adapter: adapterFolder, prompt, onText, weights = "f32", ...asked } = wanted;
	const base = await loadBase(folder);
	const adapter = adapterFolder === undefined ? undefined : await loadAdapter(adapterFolder, base);
	const { machine, kernels } = machineHere();
	try {
		const engine = createEngine(base, machine, { weights });
		const pieces = engine.stream({ messages: [{ role: "user", content: prompt }], ...asked }, adapter);
		let step = pieces.next();
		for (; step.done !== true; step = pieces.next()) if (step.value.text !== "") onText?.(step.value.text);
		const ids = { engineId: engineId(), baseDigest: base.digest, adapterDigest: adapter?.digest };
		return { ...ids, weights, kernels, ...step.value };
	} finally {
		machine.close();
	}
}

/** A machine on this computer's cores, with native kernels where they are built: the same bits either way. */
function machineHere() {
	const { nativeFolder, threads = 1 } = readConfig();
	const native = nativeFolder === undefined ? undefined : loadNative({ folder: nativeFolder });
	const kernels = native?.ok ? native.source : undefined;
	const machine = createMachine({ threads, maxBytes: MAX_BYTES, ...(kernels && { kernels }) });
	return { machine, kernels: native?.ok ? `native ${native.set}` : "WebAssembly" };
}
