// Makes the answers of a payment: all of them, or none. Who leaves midway pays for what was made until then, if the money was
// only held; a transfer is answered to the end. It must not know how answers are charged or stored.

import type { Generation } from "@openledger/llm";
import type { AnswerPiece, Order, TokenLogprob } from "@openledger/openlora";
import type { NodeParts } from "../parts.js";
import type { RequestRow } from "../payment/method.js";

export type AnswerOptions = {
	/** Fires when the client has left. */
	readonly signal?: AbortSignal | undefined;
	readonly onPiece?: ((choice: number, piece: AnswerPiece) => void) | undefined;
	readonly logprobs?: number | undefined;
	readonly tenant?: string | undefined;
};

export type Made = {
	readonly request: RequestRow;
	/** What was answered: as asked, or up to the tokens that were made when the client left. */
	readonly order: Order;
	readonly generation: Pick<Generation, "text" | "promptTokens" | "responseTokens" | "finishReason">;
	readonly logprobs?: readonly TokenLogprob[];
};

/** Rejects as the backend does; if nothing was made for a client that left, as it does for a cancelled request. */
export async function generatePaid(
	parts: NodeParts,
	rows: readonly RequestRow[],
	options: AnswerOptions,
): Promise<readonly Made[]> {
	const signal = rows.every(({ method }) => method === "exact") ? undefined : options.signal;
	const outcomes = await Promise.allSettled(rows.map((request) => generateOne(parts, request, { ...options, signal })));
	const made: Made[] = [];
	const begun = outcomes.some((outcome) => outcome.status === "fulfilled" || partOf(outcome.reason) !== undefined);
	for (const [i, outcome] of outcomes.entries()) {
		if (outcome.status === "fulfilled") made.push(outcome.value);
		else if (signal?.aborted === true && begun)
			made.push(await cutShort(parts, rows[i]!, outcome.reason, options.tenant));
		else throw outcome.reason;
	}
	return made;
}

async function generateOne(
	parts: NodeParts,
	request: RequestRow,
	{ logprobs, onPiece, signal, tenant }: AnswerOptions,
): Promise<Made> {
	const order = request.order as Order;
	const { choice } = request;
	const shown: TokenLogprob[] = [];
	const generation = await parts.backend.generate(order, {
		// It was admitted when the money was taken: a full queue does not turn it away any more.
		isPromised: true,
		...(signal !== undefined && { signal }),
		...(tenant !== undefined && { tenant }),
		...(logprobs !== undefined && { logprobs }),
		onPiece: (piece) => {
			if (piece.logprobs !== undefined) shown.push(...piece.logprobs);
			if (signal?.aborted !== true) onPiece?.(choice, piece);
		},
	});
	return { request, order, generation, ...(logprobs !== undefined && { logprobs: shown }) };
}

/** What was made before the client left, if anything was. */
function partOf(reason: unknown): Generation | undefined {
	const { generation } = reason as { readonly generation?: Generation };
	return generation !== undefined && generation.responseTokens.length > 0 ? generation : undefined;
}

/** The answer up to where it was left, as an order of its own: anybody who asks for so many tokens gets the same. */
async function cutShort(
	parts: NodeParts,
	request: RequestRow,
	reason: unknown,
	tenant: string | undefined,
): Promise<Made> {
	const part = partOf(reason);
	const order = { ...(request.order as Order), maxTokens: part?.responseTokens.length ?? 1 };
	if (part !== undefined) return { request, order, generation: { ...part, finishReason: "length" } };
	// Of several answers, one had not begun: it is worth one token, since no order asks for none.
	const options = { isPromised: true, ...(tenant !== undefined && { tenant }) };
	return { request, order, generation: await parts.backend.generate(order, options) };
}
