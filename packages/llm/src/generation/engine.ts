// A base model ready to answer, alone or with an adapter. Generation feeds a session with a key–value cache; `nextLogits` is the slow
// truth beside it, a full forward pass, with the same bits.

import { compile, createMachine, type Feed, type Machine, type Program } from "@openledger/tensor";
import { ModelError } from "../errors.js";
import { type AdapterConfig, adapterModules } from "../lora/adapterConfig.js";
import { adapterAddition, adapterInputs, inputNameA, inputNameB } from "../lora/adapterGraph.js";
import type { Adapter } from "../lora/peft.js";
import type { BaseModel } from "../model/baseModel.js";
import { llamaInputs, llamaLogits } from "../model/llama.js";
import { ropeTables } from "../model/ropeTables.js";
import { residentWeights, weightBytes } from "../model/weights.js";
import { residentBase } from "../training/loss.js";
import { checkTokens } from "./checkTokens.js";
import { generatePieces } from "./generate.js";
import { createPagedBatch, type PagedBatch, type PagedBatchOptions } from "./pagedBatch.js";
import { promptTokens } from "./promptTokens.js";
import { checkRequest, type GenerateRequest, type Generation, type GenerationPiece } from "./request.js";
import { type Batch, createSessionMaker, type Session, type SessionMaker } from "./session.js";

export interface EngineOptions {
	/**
	 * What the base's matrices are while generating: `f32`, the canonical numbers (default), or `int8`, a quarter of the memory and other
	 * logits, which are as much the same everywhere. Training and attribution are in f32 either way.
	 */
	readonly weights?: "f32" | "int8";
}

export interface Engine {
	readonly base: BaseModel;
	readonly machine: Machine;
	/** The base's parameters in the machine as they came, by input name, for training; they take memory from the first look on. */
	readonly resident: Readonly<Record<string, Feed>>;
	/** Logits [vocab] after the last of `tokens`, by one full forward pass. */
	nextLogits(tokens: readonly number[], adapter?: Adapter): Float32Array;
	/** A session with a key–value cache for at most `capacity` tokens; the caller closes it. */
	open(capacity: number, adapter?: Adapter): Session;
	/** Slots for sequences that decode together, each with an adapter of this configuration or none; the caller closes it. */
	openBatch(slots: number, capacity: number, adapters?: AdapterConfig): Batch;
	/** Conversations side by side over shared blocks of a cache, each with an adapter of any shape or none; the caller closes it. */
	openPaged(options: PagedBatchOptions): PagedBatch;
	/** A whole answer. Throws `request-malformed` and `sequence-too-long`, naming what is at fault. */
	generate(request: GenerateRequest, adapter?: Adapter): Generation;
	/** The same answer in pieces, as they come; ends early, and gives its memory back, when the consumer leaves the loop. */
	stream(request: GenerateRequest, adapter?: Adapter): Generator<GenerationPiece, Generation, undefined>;
}

const LENGTH_STEP = 16;
const ADAPTERS_KEPT = 8;

/**
 * An engine of a base, by default on a machine of its own. Weights go into the machine when they are first needed; throws the tensor room's
 * OutOfMemoryError at once where they would not fit.
 */
export function createEngine(base: BaseModel, machine: Machine = createMachine(), options: EngineOptions = {}): Engine {
	const { config } = base;
	const form = options.weights === "int8" ? "int8" : "packed";
	machine.requireRoom(weightBytes(config, form), `the weights of ${base.name}`);
	const programs = new Map<string, Program<"logits">>();
	let plain: Record<string, Feed> | undefined;
	let loaded: { readonly weights: Record<string, Feed>; readonly sessions: SessionMaker } | undefined;
	const adapters = new Map<string, Record<string, Feed>>();

	/** What generation needs, from its first use on. */
	function load() {
		if (loaded === undefined) {
			const weights = residentWeights(machine, config, base.parameters, form);
			loaded = { weights, sessions: createSessionMaker(base, machine, weights, form) };
		}
		return loaded;
	}

	function program(length: number, adapter: AdapterConfig | undefined): Program<"logits"> {
		const key = `${length}|${adapter === undefined ? "" : JSON.stringify(adapter)}`;
		const known = programs.get(key);
		if (known !== undefined) return known;
		const modules = adapter === undefined ? [] : adapterModules(config, adapter);
		const addition = adapter === undefined ? undefined : adapterAddition(adapter, adapterInputs(modules), 1, length);
		const logits = llamaLogits(
			config,
			llamaInputs(config, 1, length, form),
			1,
			length,
			addition === undefined ? {} : { addition },
		);
		const compiled = compile(machine, { logits });
		programs.set(key, compiled);
		return compiled;
	}

	function adapterFeeds(adapter: Adapter): Record<string, Feed> {
		const known = adapters.get(adapter.digest);
		if (known !== undefined) return known;
		if (adapters.size >= ADAPTERS_KEPT) {
			const [oldest, feeds] = adapters.entries().next().value!;
			for (const feed of Object.values(feeds)) if (!ArrayBuffer.isView(feed)) feed.free();
			adapters.delete(oldest);
		}
		const feeds: Record<string, Feed> = {};
		for (const m of adapterModules(config, adapter.config)) {
			const own = adapter.weights.get(m.path)!;
			feeds[inputNameA(m.path)] = machine.buffer([m.rank, m.inputSize], own.A);
			feeds[inputNameB(m.path)] = machine.buffer([m.outputSize, m.rank], own.B);
		}
		adapters.set(adapter.digest, feeds);
		return feeds;
	}

	function nextLogits(tokens: readonly number[], adapter?: Adapter): Float32Array {
		const length = Math.ceil(tokens.length / LENGTH_STEP) * LENGTH_STEP;
		if (tokens.length === 0 || tokens.length > config.maxPositions) {
			throw new ModelError(
				"sequence-too-long",
				`${tokens.length} tokens; this model takes 1 to ${config.maxPositions}`,
			);
		}
		checkTokens(tokens, config.vocabSize);
		const tables = ropeTables(config, length);
		const padded = new Int32Array(length).fill(base.padding);
		padded.set(tokens);
		const feeds = {
			...load().weights,
			...(adapter === undefined ? {} : adapterFeeds(adapter)),
			tokens: padded,
			ropeCos: tables.cos,
			ropeSin: tables.sin,
		};
		const { logits } = program(length, adapter?.config).run(feeds);
		return logits.slice((tokens.length - 1) * config.vocabSize, tokens.length * config.vocabSize);
	}

	function open(capacity: number, adapter?: Adapter): Session {
		return load().sessions.open(capacity, adapter && { config: adapter.config, feeds: adapterFeeds(adapter) });
	}

	function* stream(request: GenerateRequest, adapter?: Adapter): Generator<GenerationPiece, Generation, undefined> {
		checkRequest(request);
		const prompt = promptTokens(base, request);
		if (prompt.length + request.maxTokens > config.maxPositions) {
			throw new ModelError(
				"sequence-too-long",
				`the prompt has ${prompt.length} tokens and ${request.maxTokens} were asked for; together at most ${config.maxPositions}`,
			);
		}
		const session = open(prompt.length + request.maxTokens, adapter);
		try {
			return yield* generatePieces(base, session, prompt, request);
		} finally {
			session.close();
		}
	}

	function generate(request: GenerateRequest, adapter?: Adapter): Generation {
		const pieces = stream(request, adapter);
		let step = pieces.next();
		while (step.done !== true) step = pieces.next();
		return step.value;
	}

	return {
		base,
		machine,
		get resident() {
			plain ??= residentBase(machine, base);
			return plain;
		},
		nextLogits,
		open,
		openBatch: (slots, capacity, adapters) => load().sessions.openBatch(slots, capacity, adapters),
		openPaged: (options) => createPagedBatch(base, machine, load().weights, form, options),
		generate,
		stream,
	};
}
