// The answer once more: the same model, the same request, the same tokens.

import { type Adapter, type Engine, type Generation, generateCanonically, type WholeOrder } from "@openledger/llm";
import { type Hex, type Receipt, saltedHash } from "@openledger/protocol";
import { same } from "./difference.js";

/** What was kept beside a receipt and opens it. */
export type KeptAnswer = { readonly response: string; readonly salt: Hex; readonly finishReason: string };

/** Throws a `Difference` naming what is not as it was answered. */
export function checkAnswer(
	engine: Engine,
	{ receipt, order }: { readonly receipt: Receipt; readonly order: WholeOrder },
	kept: KeptAnswer,
	adapter: Adapter,
): readonly [string, Generation] {
	const again = generateCanonically(engine, order, adapter);
	same("the answer", JSON.stringify(again.text), JSON.stringify(kept.response));
	same("the salted response hash", saltedHash(again.text, kept.salt), receipt.responseHash);
	same("tokens read", again.promptTokens.length, receipt.tokensIn);
	same("tokens written", again.responseTokens.length, receipt.tokensOut);
	same("why it ended", again.finishReason, kept.finishReason);
	return [`the same ${receipt.tokensOut} tokens`, again];
}
