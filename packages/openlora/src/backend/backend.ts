// What serves models. A backend says what it can prove; the server does not care which one it has.

import type { Generation } from "@openledger/llm";
import type { ChatOrder } from "../chat/chatOrder.js";

export interface ServedModel {
	/** The name in requests, for instance "world-1". */
	readonly id: string;
	/** The base it was trained on; absent for a base itself. */
	readonly parent?: string;
	/** Digest of the adapter's bytes, or of the base. */
	readonly digest: `0x${string}`;
	/** Seconds since 1970. */
	readonly created: number;
	readonly owner: string;
}

export interface Backend {
	/** "bit-exact": anybody with the same engine gets the same bits. */
	readonly proves: "bit-exact" | "nothing";
	models(): readonly ServedModel[];
	/** Tokens of the prompt as the model will see it. Throws an `ApiError` if it and `maxTokens` do not fit. */
	countPrompt(order: ChatOrder): number;
	/** Throws `ApiError` model_not_found for an unknown name. */
	generate(order: ChatOrder): Promise<Generation>;
}
