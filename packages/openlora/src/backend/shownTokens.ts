// Tokens and how likely they were, as OpenAI shows them. It must not know requests.

import type { LogProbabilities, Tokenizer, TokenLogProbability } from "@openledger/llm";
import type { ShownToken, TokenLogprob } from "./backend.js";

/** Shows log-probabilities with the tokens' texts; texts are kept, one for each token that was ever shown. */
export function createShownTokens(tokenizer: Pick<Tokenizer, "decode" | "encode">) {
	const texts = new Map<number, Omit<ShownToken, "logprob">>();
	// Some decoders say a token at the beginning of a text without the space before it.
	const before = tokenizer.encode("a", { special: false });
	const start = tokenizer.decode(before);

	function textOf(id: number): Omit<ShownToken, "logprob"> {
		const known = texts.get(id);
		if (known !== undefined) return known;
		const whole = tokenizer.decode([...before, id]);
		const token = whole.startsWith(start) ? whole.slice(start.length) : tokenizer.decode([id]);
		// Of a piece of a character the text does not tell the bytes.
		const text = { token, bytes: token.includes("\ufffd") ? null : [...Buffer.from(token, "utf8")] };
		texts.set(id, text);
		return text;
	}

	const shown = ({ token, logprob }: TokenLogProbability): ShownToken => ({ ...textOf(token), logprob });
	return (found: LogProbabilities): TokenLogprob => ({ ...shown(found), top: found.top.map(shown) });
}
