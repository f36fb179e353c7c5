// A trainer's run with one lie in it, consistent everywhere else: an op whose output was tampered with, or a state that does not follow from its
// ops. Everything after is computed from the lie. Only tests import it.

import { join } from "node:path";
import {
	type ChainLink,
	type Committed,
	opRecorder,
	type Replay,
	stateBytes,
	type TrainerBook,
	traceLink,
	traceOutput,
	writeDurably,
} from "@openledger/factory";
import type { StepOptions } from "@openledger/llm";
import { type Hex, linksTree, type RunOutput } from "@openledger/protocol";

/** The link that lies, from 1. With `op`, that op's first number is changed; without, a parameter is, after the step. */
export type Forgery = { readonly link: number; readonly op?: number };

export type ForgedRun = {
	readonly chain: readonly ChainLink[];
	readonly states: readonly Committed[];
	readonly output: RunOutput;
	readonly linksRoot: Hex;
	readonly book: TrainerBook;
};

export async function forgeRun(replay: Replay, forgery: Forgery): Promise<ForgedRun> {
	const states: Committed[] = [replay.initial()];
	const chain: ChainLink[] = [];
	while (states.length < replay.linkSteps.length) {
		const next = forgedAdvance(replay, states.at(-1)!, forgery);
		states.push(next);
		chain.push(next.link);
	}
	const output = await replay.output(states.at(-1)!.state);
	const { root, links } = linksTree(
		replay.start,
		chain.map(({ hash }) => hash),
		output,
	);
	const trace = async (index: number): Promise<readonly Hex[]> => {
		const from = states[index]!;
		if (index === chain.length) return (await traceOutput(replay, from)).digests;
		if (index + 1 !== forgery.link) return traceLink(replay, from).digests;
		const { digests, onOp } = opRecorder();
		forgedAdvance(replay, from, forgery, { onOp });
		return [...digests, links[forgery.link]!];
	};
	return { chain, states, output, linksRoot: root, book: { links, trace } };
}

/** Writes what a verifier would look at. */
export async function writeForgedRun(folder: string, replay: Replay, { chain, states }: ForgedRun): Promise<void> {
	await writeDurably(join(folder, "run.json"), JSON.stringify({ chain }));
	for (const index of replay.checkpoints) {
		const { state } = states[index]!;
		await writeDurably(join(folder, `checkpoint-${state.step}.safetensors`), stateBytes(state));
	}
}

function forgedAdvance(replay: Replay, from: Committed, { link, op }: Forgery, { onOp }: StepOptions = {}) {
	if (from.index + 1 !== link) return replay.advance(from, { onOp });
	if (op === undefined) {
		const { state } = replay.advance(from, { onOp });
		const [name, values] = [...state.parameters][0]!;
		const changed = values.map((x, i) => (i === 0 ? x + 0.5 : x));
		const lied = { ...state, parameters: new Map([...state.parameters, [name, changed]]) };
		const forged = replay.linkOf(from.hash, link, lied);
		return { index: link, hash: forged.hash, state: lied, link: forged };
	}
	let at = 0;
	return replay.advance(from, {
		onOp(ran) {
			const [bytes] = ran.written;
			if (at++ === op) new Float32Array(bytes!.buffer, bytes!.byteOffset, 1)[0]! += 0.5;
			onOp?.(ran);
		},
	});
}
