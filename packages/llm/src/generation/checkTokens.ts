// Token ids before a kernel reads rows of a table by them: kernels do not look, and read whatever lies there.

import { ModelError } from "../errors.js";

/** Throws `request-malformed`, naming the first id that no row of the table has. */
export function checkTokens(tokens: readonly number[], vocabSize: number): void {
	for (const [i, id] of tokens.entries()) {
		if (!Number.isInteger(id) || id < 0 || id >= vocabSize)
			throw new ModelError(
				"request-malformed",
				`tokens[${i}] must be a whole number from 0 to ${vocabSize - 1}; got ${id}`,
			);
	}
}
