// Rows as tokens, and which of them a run cannot use and why.

import { type Engine, encodeRow, ModelError, type TokenRow } from "@openledger/llm";
import type { Row } from "@openledger/protocol";
import { RunError } from "./errors.js";
import type { Recipe } from "./recipe.js";

export interface LeftOut {
	readonly row: number;
	readonly reason: string;
}

export interface EncodedRows {
	/** By row; undefined where it is left out. */
	readonly rows: readonly (TokenRow | undefined)[];
	readonly leftOut: readonly LeftOut[];
}

const MAX_REASON = 200;

/**
 * Throws RunError "sequence-too-long" where a row would be within the recipe's maxLength but not within the base's context, "rows-unusable" where
 * no row is left; both before anything is computed.
 */
export function encodeRows(engine: Engine, rows: readonly Row[], recipe: Recipe): EncodedRows {
	const { name, config } = engine.base;
	const leftOut: LeftOut[] = [];
	const encoded = rows.map((row, i): TokenRow | undefined => {
		const { tokens, reason } = encode(engine, row, recipe);
		if (tokens === undefined) {
			leftOut.push({ row: i, reason });
			return undefined;
		}
		const length = tokens.tokens.length;
		if (length > recipe.maxLength) {
			leftOut.push({ row: i, reason: `has ${length} tokens, recipe.maxLength is ${recipe.maxLength}` });
			return undefined;
		}
		if (length > config.maxPositions) {
			throw new RunError(
				"sequence-too-long",
				`row ${i} has ${length} tokens, the context of base ${name} holds ${config.maxPositions}; set recipe.maxLength to ${config.maxPositions} or less to leave such rows out`,
			);
		}
		return tokens;
	});
	if (leftOut.length < rows.length) return { rows: encoded, leftOut };
	const [first] = leftOut;
	const why = first === undefined ? "" : `; row ${first.row} ${first.reason}`;
	throw new RunError(
		"rows-unusable",
		`none of ${rows.length} rows can be used${why}; raise recipe.maxLength or add rows`,
	);
}

function encode({ base }: Engine, row: Row, { responsesOnly }: Recipe): { tokens?: TokenRow; reason: string } {
	try {
		const tokens = encodeRow(base, row, { responsesOnly });
		return tokens.tokens.length > 1 ? { tokens, reason: "" } : { reason: "has no token to predict" };
	} catch (cause) {
		// A template may take no system message, say. That is one row's fault, not the run's; anything else is.
		if (!(cause instanceof ModelError) || cause.code !== "request-malformed") throw cause;
		const why = cause.message.replace(/^the chat template refuses: /, "").slice(0, MAX_REASON);
		return { reason: `is refused by the base's chat template: ${why}` };
	}
}
