// The models of an OpenAI-shaped server, and which of them is meant. It must not know who pays.

import { CallerError, TransientError } from "@openledger/protocol";
import { refusal } from "../chat/askModel.js";
import { usage } from "../errors.js";

export type ListedModel = {
	readonly id: string;
	readonly created: number;
	readonly parent?: string | null;
	readonly openledger?: { readonly served?: boolean };
};

const SHOWN = 8;

/** Those that can be asked, newest first, adapters before their base. Throws `cli/no-answer`. */
export async function servedModels(url: string, carry: typeof fetch = fetch): Promise<readonly ListedModel[]> {
	let response: Response;
	try {
		response = await carry(`${url}/v1/models`);
	} catch (cause) {
		const hint = "is it running? Start one with: openledger up, or: openledger serve";
		throw new TransientError(`${url} does not answer; ${hint}`, { code: "cli/no-answer", cause });
	}
	const text = await response.text();
	if (!response.ok) throw refusal(response.status, text);
	const rank = ({ parent }: ListedModel) => (parent == null ? 1 : 0);
	try {
		const { data } = JSON.parse(text) as { readonly data: readonly ListedModel[] };
		return data
			.filter(({ openledger }) => openledger?.served !== false)
			.sort((a, b) => rank(a) - rank(b) || b.created - a.created);
	} catch (cause) {
		throw new TransientError(`${url} lists no models; is it an OpenAI-compatible server?`, {
			code: "chat/bad-stream",
			cause,
		});
	}
}

/** The model that is meant, or the newest; throws `chat/no-model` with what there is. */
export function chooseModel(models: readonly ListedModel[], asked: string | undefined, isNode: boolean): string {
	if (asked !== undefined) {
		if (models.some(({ id }) => id === asked)) return asked;
		throw usage(`there is no model ${JSON.stringify(asked)}; ${namesOf(models)}`);
	}
	if (models[0] !== undefined) return models[0].id;
	const hint = isNode
		? "train one: openledger model train DATANET --name NAME"
		: "load one: openledger adapters load NAME FOLDER";
	throw new CallerError(`no model is served yet; ${hint}`, { code: "chat/no-model" });
}

export function namesOf(models: readonly ListedModel[]): string {
	if (models.length === 0) return "none is served yet";
	const more = models.length > SHOWN ? ` and ${(models.length - SHOWN).toLocaleString("en-US")} more` : "";
	const names = models.slice(0, SHOWN).map(({ id }) => id);
	return `served: ${names.join(", ")}${more}`;
}
