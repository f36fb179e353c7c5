// The forms in which people write rows, and the one row that each of them stands for. It must not know JSON or CSV.
import type { Row } from "@openledger/protocol";
import { MAX_PROMPT_CHARACTERS, MAX_RESPONSE_CHARACTERS, MAX_TEXT_CHARACTERS } from "../limits.js";
import { type Fault, quote } from "../rejection.js";
import { checkText } from "./checkText.js";
import { readMessages } from "./readMessages.js";

type Fields = ReadonlyMap<string, unknown>;
type Form = { readonly needs: readonly string[]; readonly may: readonly string[]; read(fields: Fields): Row | Fault };

/** What a row may look like, for messages. */
const FORMS_TOLD = "a row has prompt and response, or instruction and output, or messages, or text";

const pair = (response: string): Form => ({
	needs: ["prompt", response],
	may: [],
	read(fields) {
		const [asked, answered] = [fields.get("prompt"), fields.get(response)];
		const fault =
			checkText("prompt", asked, MAX_PROMPT_CHARACTERS) ?? checkText(response, answered, MAX_RESPONSE_CHARACTERS);
		return fault ?? { prompt: asked as string, response: answered as string };
	},
});

const instruction: Form = {
	needs: ["instruction", "output"],
	may: ["input", "text"],
	read(fields) {
		const [asked, given, answered, whole] = ["instruction", "input", "output", "text"].map((name) => fields.get(name));
		const blank = given === undefined || (typeof given === "string" && given.trim() === "");
		const fault =
			checkText("instruction", asked, MAX_PROMPT_CHARACTERS) ??
			(blank ? undefined : checkText("input", given, MAX_PROMPT_CHARACTERS)) ??
			checkText("output", answered, MAX_RESPONSE_CHARACTERS);
		if (fault !== undefined) return fault;
		// Alpaca's own files carry the whole row once more, as their template wrote it. Anything else under that name would be lost here.
		if (whole !== undefined && !(typeof whole === "string" && whole.includes(answered as string)))
			return {
				code: "unknown-field",
				reason: "text beside instruction must be the same row written out, output included",
			};
		const prompt = blank ? (asked as string) : `${asked}\n${given}`;
		const long = checkText("instruction with input", prompt, MAX_PROMPT_CHARACTERS);
		return long ?? { prompt, response: answered as string };
	},
};

const messages: Form = { needs: ["messages"], may: [], read: (fields) => readMessages(fields.get("messages")) };

const text: Form = {
	needs: ["text"],
	may: [],
	read(fields) {
		const given = fields.get("text");
		return checkText("text", given, MAX_TEXT_CHARACTERS) ?? { prompt: "", response: given as string };
	},
};

const FORMS: readonly Form[] = [pair("response"), pair("completion"), instruction, messages, text];
const KNOWN = new Set(FORMS.flatMap(({ needs, may }) => [...needs, ...may]));

/** The row that fields stand for, whatever their form, or their first fault. */
export function readForm(fields: Fields): Row | Fault {
	const names = [...fields.keys()];
	const unknown = names.find((name) => !KNOWN.has(name));
	if (unknown !== undefined) return { code: "unknown-field", reason: `unknown field ${quote(unknown)}; ${FORMS_TOLD}` };
	// A field that begins a form names it; what only ends one (response, output) comes after.
	const form =
		FORMS.find((f) => f.needs.every((name) => fields.has(name))) ??
		FORMS.find((f) => fields.has(f.needs[0]!)) ??
		FORMS.find((f) => f.needs.some((name) => fields.has(name))) ??
		FORMS[0]!;
	const missing = form.needs.find((name) => !fields.has(name));
	if (missing !== undefined) return { code: "missing-field", reason: `${missing} is missing; ${FORMS_TOLD}` };
	const foreign = names.find((name) => !form.needs.includes(name) && !form.may.includes(name));
	if (foreign === undefined) return form.read(fields);
	const beside = form.needs.join(" and ");
	return { code: "unknown-field", reason: `${foreign} does not belong beside ${beside}; ${FORMS_TOLD}` };
}

/** Whether these columns, in any order, are those of one form. */
export function areColumns(names: readonly string[]): boolean {
	return FORMS.some(
		(form) =>
			form !== messages &&
			form.needs.every((name) => names.includes(name)) &&
			names.every((name) => form.needs.includes(name) || form.may.includes(name)),
	);
}
