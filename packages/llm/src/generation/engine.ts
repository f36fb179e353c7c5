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
import { residentBase } from "../training/loss.js";
import { encodeChat } from "./chat.js";
import { generatePieces } from "./generate.js";
import { checkRequest, type GenerateRequest, type Generation, type GenerationPiece } from "./request.js";
import { createSessionMaker, type Session } from "./session.js";

export interface Engine {
	readonly base: BaseModel;
	readonly machine: Machine;
	/** The base's parameters in the machine, by input name. */
	readonly resident: Readonly<Record<string, Feed>>;
	/** Logits [vocab] after the last of `tokens`, by one full forward pass. */
	nextLogits(tokens: readonly number[], adapter?: Adapter): Float32Array;
	/** A session with a key–value cache for at most `capacity` tokens; the caller closes it. */
	open(capacity: number, adapter?: Adapter): Session;
	/** A whole answer. Throws `request-malformed` and `sequence-too-long`, naming what is at fault. */
	generate(request: GenerateRequest, adapter?: Adapter): Generation;
	/** The same answer in pieces, as they come; ends early, and gives its memory back, when the consumer leaves the loop. */
	stream(request: GenerateRequest, adapter?: Adapter): Generator<GenerationPiece, Generation, undefined>;
}

const LENGTH_STEP = 16;
const ADAPTERS_KEPT = 8;

/** Loads a base into a machine of its own. */
export function createEngine(base: BaseModel, machine: Machine = createMachine()): Engine {
	const { config } = base;
	const resident = residentBase(machine, base);
	const programs = new Map<string, Program<"logits">>();
	const sessions = createSessionMaker(base, machine, resident);
	const adapters = new Map<string, Record<string, Feed>>();

	function program(length: number, adapter: AdapterConfig | undefined): Program<"logits"> {
		const key = `${length}|${adapter === undefined ? "" : JSON.stringify(adapter)}`;
		const known = programs.get(key);
		if (known !== undefined) return known;
		const modules = adapter === undefined ? [] : adapterModules(config, adapter);
		const addition = adapter === undefined ? undefined : adapterAddition(adapter, adapterInputs(modules), 1, length);
		const logits = llamaLogits(
			config,
			llamaInputs(config, 1, length),
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
		const tables = ropeTables(config, length);
		const padded = new Int32Array(length).fill(base.padding);
		padded.set(tokens);
		const feeds = {
			...resident,
			...(adapter === undefined ? {} : adapterFeeds(adapter)),
			tokens: padded,
			ropeCos: tables.cos,
			ropeSin: tables.sin,
		};
		const { logits } = program(length, adapter?.config).run(feeds);
		return logits.slice((tokens.length - 1) * config.vocabSize, tokens.length * config.vocabSize);
	}

	function open(capacity: number, adapter?: Adapter): Session {
		return sessions.open(capacity, adapter && { config: adapter.config, feeds: adapterFeeds(adapter) });
	}

	function* stream(request: GenerateRequest, adapter?: Adapter): Generator<GenerationPiece, Generation, undefined> {
		checkRequest(request);
		const promptTokens = encodeChat(base, request.messages);
		if (promptTokens.length + request.maxTokens > config.maxPositions) {
			throw new ModelError(
				"sequence-too-long",
				`the prompt has ${promptTokens.length} tokens and ${request.maxTokens} were asked for; together at most ${config.maxPositions}`,
			);
		}
		const session = open(promptTokens.length + request.maxTokens, adapter);
		try {
			return yield* generatePieces(base, session, promptTokens, request);
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

	return { base, machine, resident, nextLogits, open, generate, stream };
}
