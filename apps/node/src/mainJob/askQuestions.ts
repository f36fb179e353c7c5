// Asks over HTTP as any client would: the OpenAI-shaped endpoint, paid by x402 from the payer's own wallet.
// A question that was paid for before a crash is not paid for again: its answer is taken from the node.

import { LIMITS, parseChatOrder } from "@openledger/openlora";
import { type Hex, TransientError, utf8 } from "@openledger/protocol";
import { createPayingFetch } from "@openledger/sdk";
import { and, asc, eq } from "drizzle-orm";
import { requests } from "../database/schema.js";
import { fundPayer } from "../inference/fundPayer.js";
import { orderDigest } from "../inference/orderDigest.js";
import { readAnswer } from "../inference/readAnswer.js";
import type { NodeParts } from "../parts.js";
import type { Question } from "./pickQuestions.js";
import type { Asked, OnProgress } from "./report.js";

/** 1 OPEN. */
const MOST_PER_ANSWER_WEI = 10n ** 18n;

export type AskQuestions = {
	readonly url: string;
	/** The served name. */
	readonly model: string;
	readonly questions: readonly Question[];
};

export async function askQuestions(parts: NodeParts, asking: AskQuestions, onProgress: OnProgress): Promise<Asked[]> {
	const { url, model, questions } = asking;
	const account = parts.keys.account("payer");
	await fundPayer(parts);
	const pay = createPayingFetch({
		account,
		chainId: parts.chainId,
		token: parts.ledger.addresses.openToken,
		maxWeiPerRequest: MOST_PER_ANSWER_WEI,
	});
	const asked: Asked[] = [];
	const met = new Map<string, number>();
	for (const [i, question] of questions.entries()) {
		const body = JSON.stringify({
			model,
			messages: [{ role: "user", content: question.prompt }],
			max_tokens: LIMITS.defaultMaxTokens,
		});
		const before = met.get(body) ?? 0;
		met.set(body, before + 1);
		const receiptId = (await paidBefore(parts, body, before)) ?? (await ask(pay, `${url}/v1/chat/completions`, body));
		const { text, shares } = await readAnswer(parts, receiptId);
		const { prompt, expected } = question;
		const topContributor = shares[0]?.contributor ?? "";
		asked.push({
			prompt,
			...(expected !== undefined && { expected }),
			response: text,
			topContributor,
			shares,
			receiptId,
		});
		const message = `${prompt} — ${text.trim()} (${topContributor})`;
		onProgress({ stage: "serve", message, done: i + 1, total: questions.length });
	}
	return asked;
}

/** The receipt of the n-th answer to this very request that the payer has paid for, if there is one. */
async function paidBefore(parts: NodeParts, body: string, n: number): Promise<Hex | undefined> {
	const requestHash = orderDigest(parseChatOrder(utf8(body)));
	const paid = await parts.db
		.select()
		.from(requests)
		.where(
			and(
				eq(requests.payer, parts.keys.address("payer")),
				eq(requests.requestHash, requestHash),
				eq(requests.status, "answered"),
			),
		)
		.orderBy(asc(requests.sequence));
	return paid[n]?.receiptId ?? undefined;
}

async function ask(pay: typeof fetch, url: string, body: string): Promise<Hex> {
	const answer = await pay(url, { method: "POST", headers: { "content-type": "application/json" }, body });
	const receiptId = answer.headers.get("x-openledger-receipt");
	const text = await answer.text();
	if (answer.ok && receiptId !== null) return receiptId as Hex;
	throw new TransientError(`a question was answered with ${answer.status}: ${text.slice(0, 500)}`, {
		code: "main-job/not-answered",
		details: { status: answer.status },
	});
}
