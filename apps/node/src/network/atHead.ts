// What a list of the chain gave at its last block, until there is another: pages ask every few seconds, blocks come when somebody does something.
// Only for what is read at the last block, and of which there are a few: each name keeps one answer. It must not know what is read.

import { forLists, type Ledger } from "@openledger/chain";
import type { Hex } from "viem";

type Kept = { readonly hash: Hex; readonly answer: Promise<unknown> };

/** By chain; goes with it. */
const kept = new WeakMap<Ledger["client"], Map<string, Kept>>();

/** Whoever asks at the same block gets the same answer, also while it is still being read. */
export async function atHead<answer>(
	ledger: Ledger,
	name: string,
	read: (ledger: Ledger) => Promise<answer>,
): Promise<answer> {
	const answers = kept.get(ledger.client) ?? new Map<string, Kept>();
	kept.set(ledger.client, answers);
	const { hash } = await ledger.client.publicClient.getBlock();
	const known = answers.get(name);
	if (known?.hash === hash) return (await known.answer) as answer;
	const answer = read(forLists(ledger));
	answers.set(name, { hash, answer });
	try {
		return await answer;
	} catch (error) {
		if (answers.get(name)?.answer === answer) answers.delete(name);
		throw error;
	}
}
