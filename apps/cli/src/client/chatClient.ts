// Paid questions to a node: finds the model, pays by x402 from a wallet, returns answer and receipt. It must not know of terminals.

import { readFileSync } from "node:fs";
import { CallerError, createPayingFetch, TransientError } from "@openledger/sdk";
import { type LocalAccount, privateKeyToAccount } from "viem/accounts";
import { unusable, usage } from "../errors.js";
import type { Api } from "./api.js";
import type { Share, Status } from "./records.js";

export type Answered = {
	readonly model: string;
	readonly text: string;
	readonly finishReason: string;
	readonly receiptId: string;
	readonly feeWei: string;
	readonly shares: readonly Share[];
	readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
};

export type ChatOptions = {
	/** Served name; by default the model published last. */
	readonly model?: string | undefined;
	readonly maxTokens?: number | undefined;
	/** Further fields of a request, by their names in the API. */
	readonly fields?: Readonly<Record<string, unknown>>;
	/** File with a private key that holds OPEN; by default the payer's wallet of the node on this machine. */
	readonly keyFile?: string | undefined;
	readonly maxFeeWei: bigint;
};

type Completion = {
	readonly choices: readonly { readonly message: { readonly content: string }; readonly finish_reason: string }[];
	readonly usage: Answered["usage"];
	readonly openledger: { readonly receiptId: string; readonly feeWei: string; readonly shares: readonly Share[] };
};

/** Returns a function that asks one question. Throws `chat/no-model` if nothing is served. */
export async function openChat(api: Api, options: ChatOptions) {
	const model = options.model ?? (await latestModel(api));
	const account = options.keyFile === undefined ? await housePayer(api) : keyFrom(options.keyFile);
	const { chainId, addresses } = await api.get<Status>("/status");
	const token = addresses.openToken!;
	const pay = createPayingFetch({ account, chainId, token, maxWeiPerRequest: options.maxFeeWei });
	const ask = async (prompt: string): Promise<Answered> => {
		const messages = [{ role: "user", content: prompt }];
		const limit = options.maxTokens !== undefined && { max_tokens: options.maxTokens };
		const body = { model, messages, ...limit, ...options.fields };
		const response = await pay(`${api.url}/v1/chat/completions`, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify(body),
		});
		const text = await response.text();
		if (!response.ok) throw refusal(response.status, text);
		const { choices, usage: tokens, openledger } = JSON.parse(text) as Completion;
		const { message, finish_reason: finishReason } = choices[0]!;
		return { model, text: message.content, finishReason, ...openledger, usage: tokens };
	};
	return { model, payer: account.address, ask };
}

async function latestModel(api: Api): Promise<string> {
	type Listed = { readonly id: string; readonly created: number; readonly openledger: { readonly served: boolean } };
	const { data } = (await (await fetch(`${api.url}/v1/models`)).json()) as { data: readonly Listed[] };
	const served = data.filter(({ openledger }) => openledger.served).sort((a, b) => b.created - a.created);
	if (served[0] !== undefined) return served[0].id;
	const hint = "train one: openledger model train DATANET --name NAME";
	throw new CallerError(`the node serves no model yet; ${hint}`, { code: "chat/no-model" });
}

/** The payer's wallet of a node on this machine, filled up from its treasury. */
async function housePayer(api: Api): Promise<LocalAccount> {
	const { payerAccount } = await import("@openledger/node");
	const account = payerAccount(api.home);
	await api.post("/wallets/payer/fund");
	return account;
}

/** Never repeats what the file holds. */
function keyFrom(file: string): LocalAccount {
	let text: string;
	try {
		text = readFileSync(file, "utf8").trim();
	} catch (cause) {
		throw unusable(file, cause);
	}
	if (/^(0x)?[0-9a-fA-F]{64}$/.test(text)) {
		return privateKeyToAccount(text.startsWith("0x") ? (text as `0x${string}`) : `0x${text}`);
	}
	throw usage(`${file} holds no private key; it must be 64 hex digits and nothing else`);
}

function refusal(status: number, text: string): Error {
	let said: { readonly code?: string; readonly message?: string } | undefined;
	try {
		said = (JSON.parse(text) as { error?: typeof said }).error;
	} catch {
		said = undefined;
	}
	const code = said?.code ?? "chat/refused";
	const hint = code === "sdk/over-limit" ? " (here --max-fee, in OPEN)" : "";
	const message = `${said?.message ?? `the node answered ${status}: ${text.slice(0, 200)}`}${hint}`;
	return status < 500 ? new CallerError(message, { code }) : new TransientError(message, { code });
}
