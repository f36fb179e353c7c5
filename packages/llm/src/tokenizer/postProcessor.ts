// Which tokens a tokenizer.json puts around a text: `<s>` before it, say. Knows nothing of the text.

import {
	type Field,
	fieldOf,
	isAbsent,
	itemsOf,
	malformed,
	recordOf,
	stepsOf,
	textOf,
	typeOf,
	unsupported,
} from "./fields.js";

export type Around = { readonly before: readonly number[]; readonly after: readonly number[] };

/** Reads `post_processor`: the template of a single text. ByteLevel only moves offsets, which nobody here asks for. */
export function readPostProcessor(part: Field, tokens: readonly string[]): Around {
	const around = isAbsent(part) ? [] : readAll(part, tokens, [...STEPS, "Sequence"]);
	if (around.length > 1) throw unsupported(part, "supported is one TemplateProcessing");
	return around[0] ?? { before: [], after: [] };
}

const STEPS = ["ByteLevel", "TemplateProcessing"] as const;

function readAll(part: Field, tokens: readonly string[], supported: readonly string[]): Around[] {
	const type = typeOf(part, supported);
	if (type === "ByteLevel") return [];
	if (type === "Sequence") return stepsOf(fieldOf(part, "processors")).flatMap((item) => readAll(item, tokens, STEPS));
	const single = fieldOf(part, "single");
	const pieces = itemsOf(single);
	const text = pieces.findIndex((piece) => Object.hasOwn(recordOf(piece), "Sequence"));
	if (text < 0) throw malformed(single, "must have the text's own place, a Sequence");
	const idsOf = (piece: Field): number[] => {
		const name = textOf(fieldOf(fieldOf(piece, "SpecialToken"), "id"));
		const ids = fieldOf(fieldOf(fieldOf(part, "special_tokens"), name), "ids");
		return itemsOf(ids).map((id) => {
			if (!Number.isSafeInteger(id.value) || tokens[id.value as number] === undefined)
				throw malformed(id, `must be a token id below ${tokens.length}`);
			return id.value as number;
		});
	};
	return [{ before: pieces.slice(0, text).flatMap(idsOf), after: pieces.slice(text + 1).flatMap(idsOf) }];
}
