// Which base a vLLM server has, from its list of models. It must not know of adapters of ours.

import { ApiError } from "../../errors.js";
import type { VllmClient } from "./vllmClient.js";
import { notVllm } from "./vllmErrors.js";

export interface VllmBase {
	/** What requests call it. */
	readonly id: string;
	/** vLLM's own name or path of the model; the resolver compares it with an adapter's base_model_name_or_path. */
	readonly root: string;
	/** Tokens that prompt and answer may have together, if it says. */
	readonly contextTokens?: number;
}

type Card = Readonly<Record<"id" | "root" | "parent" | "max_model_len", unknown>>;

/** The base named, or the only one. Throws `ApiError` 404 `model_not_found` where there is no such, or several to choose from. */
export async function readVllmBase(client: VllmClient, wanted?: string): Promise<VllmBase> {
	const { data } = ((await client.get("/v1/models")) ?? {}) as { data?: unknown };
	if (!Array.isArray(data)) throw notVllm("/v1/models has no list");
	const bases = (data as Card[]).flatMap(({ id, root, parent, max_model_len: room }): VllmBase[] => {
		if (typeof id !== "string" || parent != null) return [];
		return [
			{ id, root: typeof root === "string" ? root : id, ...(typeof room === "number" && { contextTokens: room }) },
		];
	});
	const found = wanted === undefined ? bases[0] : bases.find(({ id }) => id === wanted);
	// Several names of one model are one base.
	const isClear = wanted !== undefined || new Set(bases.map(({ root }) => root)).size <= 1;
	if (found !== undefined && isClear) return found;
	const names = bases.map(({ id }) => id).join(", ") || "none";
	const what = wanted === undefined ? "several bases; name one" : `no base ${JSON.stringify(wanted)}`;
	throw new ApiError(404, "model_not_found", `vLLM has ${bases.length === 0 ? "no base" : what}; its bases: ${names}`);
}
