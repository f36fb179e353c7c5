// What a run leaves behind about itself: one entry a step, and the chain of commitments that binds them.

import { type Digest, engineId, sha256 } from "@openledger/llm";
import { canonicalJson, type Hex, merkleRoot, nextCommitment, utf8 } from "@openledger/protocol";
import type { Recipe } from "./recipe.js";

export interface StepEntry {
	/** Counted from 1. */
	readonly step: number;
	readonly epoch: number;
	readonly rows: readonly number[];
	readonly loss: number;
	readonly gradientNorm: number;
	readonly learningRate: number;
	/** Wall time; never hashed. */
	readonly seconds: number;
}

/** A link of the commitment chain: the state after `step`. */
export interface ChainLink {
	readonly step: number;
	readonly adapterDigest: Hex;
	readonly optimizerDigest: Hex;
	readonly hash: Hex;
}

/** What a run is a pure function of. */
export interface RunInputs {
	readonly baseDigest: Digest;
	readonly snapshotRoot: Hex;
	readonly recipe: Recipe;
}

/** The recipe as canonical text; numbers are written as their shortest decimal, the same in every JavaScript engine. */
export function recipeText(recipe: Recipe): string {
	return canonicalJson(Object.fromEntries(Object.entries(recipe).map(([key, value]) => [key, JSON.stringify(value)])));
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

/** The next link after a state. `rows` are all row ids met since the link before. */
export function nextLink(
	previous: Hex,
	step: number,
	adapterDigest: Hex,
	optimizerDigest: Hex,
	rows: readonly number[],
): ChainLink {
	return {
		step,
		adapterDigest,
		optimizerDigest,
		hash: nextCommitment(previous, step, adapterDigest, optimizerDigest, rows),
	};
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
		if (nextLink(hash, link.step, link.adapterDigest, link.optimizerDigest, rows).hash !== link.hash) return link.step;
		hash = link.hash;
		at = link.step;
	}
	return undefined;
}
