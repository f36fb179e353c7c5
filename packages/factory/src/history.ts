// What a run leaves behind about itself: one entry a step, and the chain of commitments that binds them.

import { type Digest, engineId, sha256, type TrainerState } from "@openledger/llm";
import { canonicalJson, type Hex, hexToBytes, merkleRoot, nextCommitment, uint32, utf8 } from "@openledger/protocol";
import { RunError } from "./errors.js";
import { parseRecipe } from "./parseRecipe.js";
import { LATER, type Recipe } from "./recipe.js";

export interface StepEntry {
	/** Counted from 1. */
	readonly step: number;
	readonly epoch: number;
	readonly rows: readonly number[];
	readonly loss: number;
	readonly gradientNorm: number;
	readonly learningRate: number;
	/** Positions of the rows that were computed for a reason: their tokens but the last. */
	readonly tokens?: number;
	/** Wall time; never hashed. */
	readonly seconds: number;
}

/** A link of the commitment chain: the state after `step`. */
export interface ChainLink {
	readonly step: number;
	readonly adapterDigest: Hex;
	readonly optimizerDigest: Hex;
	/** The loss on the rows held out, where the run looked at them here. It is part of the hash. */
	readonly validation?: LinkedValidation;
	readonly hash: Hex;
}

export interface LinkedValidation {
	/** Mean over all targets that count. */
	readonly loss: number;
	/** Steps that the recipe has, of which the run may have left some undone. */
	readonly planned: number;
}

/** What a run is a pure function of. */
export interface RunInputs {
	readonly baseDigest: Digest;
	readonly snapshotRoot: Hex;
	readonly recipe: Recipe;
}

/**
 * The recipe as canonical text; numbers are written as their shortest decimal, the same in every JavaScript engine. A key that came later is
 * left out where it says what was done before it came: so the text of an older run is the one it had.
 */
export function recipeText(recipe: Recipe): string {
	const written = Object.entries(recipe).map(([key, value]) => [key, JSON.stringify(value)] as const);
	const unsaid = (key: string, text: string) =>
		Object.hasOwn(LATER, key) && text === JSON.stringify((LATER as Partial<Recipe>)[key as keyof Recipe]);
	return canonicalJson(Object.fromEntries(written.filter(([key, text]) => !unsaid(key, text))));
}

/** Reads what `recipeText` wrote, and nothing else. Throws RunError "recipe-malformed" where it is not the one text of its recipe. */
export function recipeOfText(text: string): Recipe {
	const malformed = (what: string, cause?: unknown) =>
		new RunError("recipe-malformed", `the recipe's text ${what}; take it from recipeText`, { cause });
	let fields: Record<string, unknown>;
	try {
		const written = JSON.parse(text) as Record<string, string>;
		fields = Object.fromEntries(Object.entries(written).map(([key, value]) => [key, JSON.parse(value) as unknown]));
	} catch (cause) {
		throw malformed("is not JSON of JSON", cause);
	}
	const recipe = parseRecipe(fields);
	if (recipeText(recipe) !== text) throw malformed("is not canonical");
	return recipe;
}

/** First link's predecessor: digest of base, snapshot, recipe and engine. */
export function runStart({ baseDigest, snapshotRoot, recipe }: RunInputs): Hex {
	return sha256(utf8(["openledger-run", baseDigest, snapshotRoot, recipeText(recipe), engineId()].join("\n")));
}

/** Digest of named numbers, in the order of their names. */
export function stateDigest(...maps: readonly ReadonlyMap<string, Float32Array>[]): Hex {
	const parts: Uint8Array[] = [];
	for (const map of maps) {
		for (const name of [...map.keys()].sort()) {
			const values = map.get(name)!;
			parts.push(utf8(`${name}\n`), new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
		}
	}
	return sha256(...parts);
}

/** Digest of all of a trainer's state. */
export function wholeDigest(state: Pick<TrainerState, "parameters" | "first" | "second">): Hex {
	return sha256(hexToBytes(stateDigest(state.parameters)), hexToBytes(stateDigest(state.first, state.second)));
}

/** The next link after a state. `rows` are all row ids met since the link before. */
export function nextLink(
	previous: Hex,
	step: number,
	adapterDigest: Hex,
	optimizerDigest: Hex,
	rows: readonly number[],
	validation?: LinkedValidation,
): ChainLink {
	const state = nextCommitment(previous, step, adapterDigest, optimizerDigest, rows);
	if (validation === undefined) return { step, adapterDigest, optimizerDigest, hash: state };
	return { step, adapterDigest, optimizerDigest, validation, hash: validated(state, validation) };
}

/** sha256 of: tag, the link's hash without the loss, the loss as an IEEE-754 double, the planned steps (8 and 4 bytes, big-endian). */
function validated(state: Hex, { loss, planned }: LinkedValidation): Hex {
	const bits = new Uint8Array(8);
	new DataView(bits.buffer).setFloat64(0, loss);
	return sha256(utf8("openledger/validation/v1"), hexToBytes(state), bits, uint32(planned));
}

/** Merkle root over the chain, so that one link can be shown without the others. */
export function historyRoot(chain: readonly ChainLink[]): Hex {
	return merkleRoot(chain.map((link) => link.hash));
}

/** Recomputes the chain from its own digests and the steps' rows; returns the step of the first broken link, or undefined. */
export function firstBrokenLink(
	inputs: RunInputs,
	steps: readonly StepEntry[],
	chain: readonly ChainLink[],
): number | undefined {
	let hash = runStart(inputs);
	let at = 0;
	for (const link of chain) {
		const rows = steps.slice(at, link.step).flatMap((s) => s.rows);
		const again = nextLink(hash, link.step, link.adapterDigest, link.optimizerDigest, rows, link.validation);
		if (again.hash !== link.hash) return link.step;
		hash = link.hash;
		at = link.step;
	}
	return undefined;
}
