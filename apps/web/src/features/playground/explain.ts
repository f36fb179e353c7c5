// What went wrong, in words, and what helps. It must not know how it is shown.

import { ApiError } from "../../shared/api/client.js";

export type Help =
	/** The same question with the same payment. */
	| "again"
	/** The same question, paid anew. */
	| "anew"
	| "top-up"
	| "fund"
	| "forget-key"
	| "shorter"
	| "nothing";

export type Explained = { readonly title: string; readonly text: string; readonly help: Help };

type Coded = { readonly code?: unknown; readonly message?: unknown };

export function explain(error: unknown): Explained {
	const { code, message } = (error ?? {}) as Coded;
	const text = typeof message === "string" ? message : String(error);
	switch (code) {
		case "sdk/not-signed":
			return {
				title: "Not signed",
				text: "You did not sign the payment, so nothing was asked and nothing paid.",
				help: "anew",
			};
		case "chat/cut-off":
			return {
				title: "The stream broke off",
				text: "The answer did not arrive whole. Asking again gets the same answer, and is not charged twice where the payment is remembered.",
				help: "again",
			};
		case "web/unreachable":
			return {
				title: "The node does not answer",
				text: "It may be restarting. What was paid is written down there; asking again uses the same payment.",
				help: "again",
			};
		case "payment/balance-too-low":
			return {
				title: "The prepaid key is empty",
				text: "What is left on it does not cover what this answer may cost.",
				help: "top-up",
			};
		case "payment/unknown-key":
			return {
				title: "The node does not know this key",
				text: "It was paid for on another chain, or never. Forget it and buy another.",
				help: "forget-key",
			};
		case "context_length_exceeded":
			return {
				title: "The question is too long for this model",
				text: `${text}. Ask something shorter, or allow fewer tokens for the answer.`,
				help: "shorter",
			};
		case "model_not_found":
		case "model_loading":
		case "model/not-served":
			return {
				title: "The model is not served now",
				text: "It may be loading, or was taken out. Ask again in a moment, or choose another.",
				help: "anew",
			};
		case "overloaded":
		case "draining":
		case "payment/pending":
		case "payment/channel-busy":
		case "answer_failed":
			return { title: "The node is busy", text, help: "again" };
		case "sdk/over-limit":
			return {
				title: "Dearer than this page allows",
				text: "No answer may cost more than 0.05 OPEN here.",
				help: "shorter",
			};
	}
	if (/insufficient|exceeds balance|InsufficientBalance/i.test(`${String(code)} ${text}`)) {
		return { title: "Not enough OPEN", text: "The wallet does not hold what this may cost.", help: "fund" };
	}
	const isTransient = error instanceof ApiError && error.status >= 500;
	return { title: "That did not work", text, help: isTransient ? "again" : "anew" };
}
