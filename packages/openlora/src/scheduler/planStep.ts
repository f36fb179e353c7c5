// What the next pass over the model takes: a token of every answer, and beside them a bounded piece of the prompts that are being read, so
// that a long prompt stalls nobody. It must not know time, tenants or queues.

import type { PagedSequence } from "@openledger/llm";

export interface StepLimits {
	/** Most rows of a pass. */
	readonly rows: number;
	/** Most of them that read prompts while anybody is answering. */
	readonly chunkTokens: number;
}

export interface Reader {
	readonly sequence: Pick<PagedSequence, "length">;
	/** The token to take next; absent while the prompt is being read. */
	readonly next: number | undefined;
	readonly ticket: { readonly job: { readonly prompt: readonly number[] } };
}

export interface Share<Of> {
	readonly running: Of;
	readonly tokens: readonly number[];
	/** Whether logits are wanted after it: not in the middle of a prompt. */
	readonly logits: boolean;
}

/** Prompts are read in the order given, the first one as far as it goes. There are at least as many rows as there are readers. */
export function planStep<Of extends Reader>(readers: readonly Of[], { rows, chunkTokens }: StepLimits): Share<Of>[] {
	const shares: Share<Of>[] = [];
	for (const running of readers)
		if (running.next !== undefined) shares.push({ running, tokens: [running.next], logits: true });
	let left = shares.length === 0 ? rows : Math.min(chunkTokens, rows - shares.length);
	for (const running of readers) {
		if (left <= 0) break;
		if (running.next !== undefined) continue;
		const { prompt } = running.ticket.job;
		const from = running.sequence.length;
		const tokens = prompt.slice(from, from + left);
		shares.push({ running, tokens, logits: from + tokens.length === prompt.length });
		left -= tokens.length;
	}
	return shares;
}
