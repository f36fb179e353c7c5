// How a tokenizer.json cuts text into words. Knows nothing of tokens.

import { type Field, fieldOf, flagOf, isAbsent, requireOne, stepsOf, textOf, typeOf, unsupported } from "./fields.js";
import { MARK } from "./normalizer.js";
import { type Split, splitDigits, splitsByPattern, splitWordsGpt2 } from "./splitWords.js";

export type PreTokenizer = {
	/** `isFirst`: the piece begins the whole text. */
	split(text: string, isFirst: boolean, visit: (word: string) => void): void;
	/** Words are encoded as bytes in the byte alphabet. */
	readonly byteLevel: boolean;
	/** Spaces became marks, and words begin at marks or are not cut at all. */
	readonly cutsAtMarks: boolean;
};

type Prefix = "first" | "always" | "never";
type Step = { readonly split: Split; readonly byteLevel?: true; readonly prefix?: Prefix };

const whole: Split = (text, visit) => visit(text);

/** Reads `pre_tokenizer`: ByteLevel last, with Split or Digits before it, or one Metaspace, or nothing. */
export function readPreTokenizer(part: Field): PreTokenizer {
	const steps = isAbsent(part) ? [] : readSteps(part, [...STEPS, "Sequence"]);
	const metaspace = steps.find((step) => step.prefix !== undefined);
	if (metaspace !== undefined && steps.length > 1) throw unsupported(part, "supported is a Metaspace by itself");
	const at = steps.findIndex((step) => step.byteLevel);
	if (at >= 0 && at < steps.length - 1) throw unsupported(part, "supported is ByteLevel as the last of a Sequence");
	if (at < 0 && metaspace === undefined && steps.length > 0)
		throw unsupported(part, "supported is a Sequence with ByteLevel as its last");
	const split = steps.reduce<Split>(
		(before, step) => (before === whole ? step.split : chain(before, step.split)),
		whole,
	);
	return {
		split: metaspace === undefined ? (text, _, visit) => split(text, visit) : withPrefix(metaspace),
		byteLevel: at >= 0,
		cutsAtMarks: at < 0,
	};
}

const chain =
	(first: Split, second: Split): Split =>
	(text, visit) =>
		first(text, (piece) => second(piece, visit));

function withPrefix({ prefix, split }: Step): PreTokenizer["split"] {
	return (text, isFirst, visit) => {
		const marked = text.replaceAll(" ", MARK);
		const bare = prefix === "never" || (prefix === "first" && !isFirst) || marked.startsWith(MARK);
		split(bare ? marked : MARK + marked, visit);
	};
}

const STEPS = ["ByteLevel", "Digits", "Metaspace", "Split"] as const;

function readSteps(part: Field, supported: readonly string[]): Step[] {
	switch (typeOf(part, supported)) {
		case "ByteLevel":
			requireOne(fieldOf(part, "add_prefix_space"), [false], true);
			return [{ split: flagOf(fieldOf(part, "use_regex"), true) ? splitWordsGpt2 : whole, byteLevel: true }];
		case "Digits":
			return [{ split: splitDigits(flagOf(fieldOf(part, "individual_digits"), false)) }];
		case "Metaspace": {
			requireOne(fieldOf(part, "replacement"), [MARK], MARK);
			const split = flagOf(fieldOf(part, "split"), true) ? splitAtMarks(true) : whole;
			return [{ split, prefix: readPrefix(part) }];
		}
		case "Split":
			return [{ split: readSplit(part) }];
		default:
			return stepsOf(fieldOf(part, "pretokenizers")).flatMap((step) => readSteps(step, STEPS));
	}
}

/** `prepend_scheme`, or the older `add_prefix_space`. */
export function readPrefix(part: Field): Prefix {
	const older = flagOf(fieldOf(part, "add_prefix_space"), true) ? "always" : "never";
	return requireOne(fieldOf(part, "prepend_scheme"), ["first", "always", "never"], older) as Prefix;
}

/** The patterns match every character, so isolated matches and removed gaps come to the same. */
function readSplit(part: Field): Split {
	const behavior = requireOne(fieldOf(part, "behavior"), ["Isolated", "Removed"]);
	requireOne(fieldOf(part, "invert"), [behavior === "Removed"], false);
	const pattern = fieldOf(fieldOf(part, "pattern"), "Regex");
	const split = splitsByPattern.get(textOf(pattern));
	if (split === undefined) throw unsupported(pattern, "supported are the patterns of GPT-2, Llama 3 and Qwen2");
	return split;
}

/** Cuts before every mark, or before every run of them. */
export function splitAtMarks(every: boolean): Split {
	return (text, visit) => {
		let begin = 0;
		for (let at = text.indexOf(MARK, 1); at > 0; at = text.indexOf(MARK, at + 1)) {
			if (!every && text[at - 1] === MARK) continue;
			visit(text.slice(begin, at));
			begin = at;
		}
		if (begin < text.length) visit(text.slice(begin));
	};
}
