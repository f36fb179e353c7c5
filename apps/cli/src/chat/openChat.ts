// Finds out what kind of server this is, who pays it, and which model and question are meant. It must not know of terminals.

import type { Api } from "../client/api.js";
import type { Status } from "../client/records.js";
import { chooseModel, namesOf, servedModels } from "../client/servedModels.js";
import type { CliConfig } from "../config.js";
import { usage } from "../errors.js";
import { askModel } from "./askModel.js";
import { tell } from "./attribution.js";
import type { ChatServer } from "./chatLoop.js";
import { keyPayer, openPayer, type Payer, type PayHow } from "./openPayer.js";

export type ChatOptions = {
	readonly config: CliConfig;
	/** As typed: model and question, or one of them. */
	readonly args: readonly string[];
	readonly model?: string | undefined;
	readonly maxTokens?: number | undefined;
	readonly fields?: Readonly<Record<string, unknown>>;
	readonly apiKeyFile?: string | undefined;
	readonly keyFile?: string | undefined;
	readonly how?: PayHow | undefined;
	readonly maxFeeWei: bigint;
};

export type OpenedChat = { readonly server: ChatServer; readonly payer: Payer; readonly question: string | undefined };

/** Throws `chat/no-model` if nothing is served, `cli/usage` for a model that is not. */
export async function openChat(api: Api, options: ChatOptions): Promise<OpenedChat> {
	const { url } = api;
	const status = await statusOf(api);
	const node = status === undefined ? undefined : { api, status };
	const keyed = keyPayer(options.config, options);
	const models = await servedModels(url, keyed?.carry);
	const { asked, question } = meant(options, new Set(models.map(({ id }) => id)));
	const model = chooseModel(models, asked, node !== undefined);
	// Last, as it may ask for a password, and take money from the treasury.
	const payer = keyed ?? (await openPayer({ ...options, node }));
	const { maxTokens, fields = {} } = options;
	const server: ChatServer = {
		model,
		ask: (model, messages, how) =>
			askModel(url, { model, messages, maxTokens, fields }, { carry: payer.carry, ...how }),
		tell: (answered) => tell(node?.api, answered),
		async models(name) {
			const now = await servedModels(url, payer.carry);
			if (name !== undefined) chooseModel(now, name, node !== undefined);
			return namesOf(now);
		},
	};
	return { server, payer, question };
}

/** A single word that is a served name is the model, anything else that stands alone is the question. */
function meant({ args, model }: ChatOptions, served: ReadonlySet<string>) {
	const [first, second] = args;
	if (second !== undefined && model !== undefined && first !== model)
		throw usage("the model is named twice; leave out --model");
	if (second !== undefined) return { asked: first, question: second };
	if (first !== undefined && model === undefined && served.has(first)) return { asked: first, question: undefined };
	return { asked: model, question: first };
}

/** Undefined for a server that is no node: it is free, or takes keys. */
async function statusOf(api: Api): Promise<Status | undefined> {
	try {
		const status = await api.get<Partial<Status>>("/status");
		return status.addresses?.openToken === undefined ? undefined : (status as Status);
	} catch (error) {
		if ((error as { readonly code?: unknown }).code === "cli/no-answer") throw error;
		return undefined;
	}
}
