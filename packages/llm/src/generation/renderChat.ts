// Chat messages through a model's own Jinja template, keeping apart what somebody wrote from what the template says. The same
// messages give the same text on every machine and day. Knows nothing of tokens' ids.

import { Template } from "@huggingface/jinja";
import { ModelError } from "../errors.js";
import type { BaseModel } from "../model/baseModel.js";
import type { ChatMessage } from "./chat.js";

/** A piece of the rendered text; `message` says whose words it is, if it is anybody's. */
export interface RenderedPart {
	readonly text: string;
	readonly message?: number;
}

type Source = Pick<BaseModel, "name" | "chatTemplate" | "templateTokens" | "tokenizer">;

const DAY = {
	Y: "2024",
	y: "24",
	m: "07",
	d: "26",
	b: "Jul",
	B: "July",
	a: "Fri",
	A: "Friday",
	H: "00",
	M: "00",
	S: "00",
	"%": "%",
};
/** What templates get for today: one fixed day, since a prompt must be the same whenever it is rendered again. */
const fixedDay = (format: string): string =>
	format.replace(/%([YymdbBaAHMS%])/g, (_, letter: keyof typeof DAY) => DAY[letter]);

const templates = new Map<string, Template>();

function templateOf({ name, chatTemplate }: Source): Template {
	const known = templates.get(chatTemplate);
	if (known !== undefined) return known;
	let template: Template;
	try {
		// The line end behind the block goes with it, as everywhere in these templates.
		template = new Template(`{% set strftime_now = fixed_day %}\n${chatTemplate}`);
	} catch (cause) {
		throw new ModelError("config-unsupported", `${name}: chat_template: ${(cause as Error).message}`, { cause });
	}
	templates.set(chatTemplate, template);
	return template;
}

/**
 * The text of a conversation, ready for the assistant's turn. Words travel through the template as marks, without the space around
 * them and the added tokens that text may form (`</think>`, say), so that templates can trim and cut at these.
 * Throws `request-malformed` with what the template refuses, and `config-unsupported` for a template that is none.
 */
export function renderChat(base: Source, messages: readonly ChatMessage[]): RenderedPart[] {
	const words: { readonly text: string; readonly message: number }[] = [];
	const cut = textTokens(base);
	const mark = (text: string, message: number): string => {
		const bare = text.trim();
		if (bare === "") return text;
		const at = text.indexOf(bare);
		return `${text.slice(0, at)}\uE000${words.push({ text: bare, message }) - 1}\uE001${text.slice(at + bare.length)}`;
	};
	const marked = messages.map(({ role, content }, message) => {
		const text = content.normalize("NFC");
		const pieces = cut === undefined ? [text] : text.split(cut);
		return { role, content: pieces.map((piece, i) => (i % 2 === 0 ? mark(piece, message) : piece)).join("") };
	});
	const template = templateOf(base);
	let text: string;
	try {
		text = template.render({
			...base.templateTokens,
			fixed_day: fixedDay,
			messages: marked,
			add_generation_prompt: true,
		});
	} catch (cause) {
		throw new ModelError("request-malformed", `the chat template refuses: ${(cause as Error).message}`, { cause });
	}
	return text
		.split(/\uE000(\d+)\uE001/u)
		.map((part, i) => (i % 2 === 0 ? { text: part } : (words[Number(part)] ?? { text: part })));
}

/** Added tokens that are not special, as a pattern that keeps them when it cuts. */
function textTokens({ tokenizer }: Source): RegExp | undefined {
	const texts = [...tokenizer.addedTokens.keys()].filter((token) => !tokenizer.specialTokens.has(token));
	if (texts.length === 0) return undefined;
	const longestFirst = texts.sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
	return new RegExp(`(${longestFirst.map((t) => t.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|")})`);
}
