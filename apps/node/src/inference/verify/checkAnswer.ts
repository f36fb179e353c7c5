// The answer once more: the same model, the same request, the same tokens.

import type { Engine, Generation } from "@openledger/llm";
import { generateCanonically } from "@openledger/openlora";
import { saltedHash } from "@openledger/protocol";
import type { ShelvedModel } from "../../model/openModelShelf.js";
import { same } from "../difference.js";
import type { CheckedRecord, StoredReceipt } from "./checkRecord.js";

export function checkAnswer(
	engine: Engine,
	{ receipt, order }: CheckedRecord,
	stored: StoredReceipt,
	loaded: ShelvedModel,
): readonly [string, Generation] {
	const again = generateCanonically(engine, order, loaded.run.adapter);
	same("the answer", JSON.stringify(again.text), JSON.stringify(stored.response));
	same("the salted response hash", saltedHash(again.text, stored.salt), receipt.responseHash);
	same("tokens read", again.promptTokens.length, receipt.tokensIn);
	same("tokens written", again.responseTokens.length, receipt.tokensOut);
	same("why it ended", again.finishReason, stored.finishReason);
	return [`the same ${receipt.tokensOut} tokens`, again];
}
