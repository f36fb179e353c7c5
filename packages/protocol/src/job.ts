// Training jobs as the chain names and binds them: the twin of RunHashes.sol and of the limits in TrainingJobs.sol. It must not
// know how a run is computed; packages/factory gives the links.
import { type Address, encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from "viem";
import { concatBytes, hexToBytes, sha256, utf8 } from "./bytes.js";
import { checkAddress, checkDigest } from "./checks.js";
import { CallerError } from "./errors.js";
import { type IndexedTree, indexedTree } from "./indexedMerkle.js";

/** What a job on chain may ask at most: steps of a run, bytes of a recipe's text, snapshots. */
export const MAX_JOB_STEPS = 2 ** 20;
export const MAX_RECIPE_BYTES = 4096;
export const MAX_JOB_SNAPSHOTS = 16;

const JOB = parseAbiParameters("address poster, bytes32 salt");
const OUTPUT_TAG = utf8("openledger/run-output/v1");

/** keccak256(abi.encode(poster, salt)); throws `protocol/bad-address`, `protocol/bad-digest`. */
export function jobId(poster: Address, salt: Hex): Hex {
	return keccak256(encodeAbiParameters(JOB, [checkAddress(poster, "poster"), checkDigest(salt, "salt")]));
}

/** Roots in the job's order; the root of one snapshot is that, of several keccak256 of them all. */
export function jobSnapshotRoot(roots: readonly Hex[]): Hex {
	if (roots.length === 0 || roots.length > MAX_JOB_SNAPSHOTS)
		throw new CallerError(`a job names 1 to ${MAX_JOB_SNAPSHOTS} snapshots, and this names ${roots.length}`, {
			code: "protocol/bad-number",
			details: { snapshots: roots.length },
		});
	const bytes = roots.map((root, i) => hexToBytes(checkDigest(root, `snapshot root ${i}`)));
	return roots.length === 1 ? roots[0]! : keccak256(concatBytes(...bytes));
}

export type RunStart = {
	readonly baseDigest: Hex;
	readonly snapshotRoots: readonly Hex[];
	/** Canonical text, as the factory's `recipeText` writes it. */
	readonly recipe: string;
	readonly engineId: Hex;
};

/** The first link: sha256 of base, snapshots, recipe and engine, a line each, digests as lower-case 0x hex. */
export function runStartOf({ baseDigest, snapshotRoots, recipe, engineId }: RunStart): Hex {
	const lines = [
		"openledger-run",
		checkDigest(baseDigest, "baseDigest"),
		jobSnapshotRoot(snapshotRoots),
		recipe,
		checkDigest(engineId, "engineId"),
	];
	return sha256(utf8(lines.join("\n")));
}

/** What a run gave, as digests. */
export type RunOutput = { readonly adapterDigest: Hex; readonly featuresRoot: Hex };

/** The link after the last step's: it binds what the run gave, so that a false adapter over a true run is found like a false step. */
export function outputLink(runCommitment: Hex, { adapterDigest, featuresRoot }: RunOutput): Hex {
	return sha256(
		concatBytes(
			OUTPUT_TAG,
			hexToBytes(checkDigest(runCommitment, "runCommitment")),
			hexToBytes(checkDigest(adapterDigest, "adapterDigest")),
			hexToBytes(checkDigest(featuresRoot, "featuresRoot")),
		),
	);
}

/** The run's start, a link a step, the output link: the leaves of what a trainer commits to, in their places. */
export function linksTree(
	start: Hex,
	links: readonly Hex[],
	output: RunOutput,
): IndexedTree & { readonly links: readonly Hex[] } {
	const all = [start, ...links, outputLink(links.at(-1) ?? start, output)];
	return { ...indexedTree(all), links: all };
}

/** Governed constants that a job's least stake follows from; wei, parts per million, counts. */
export type JobStakeTerms = {
	readonly disputeBondWei: bigint;
	readonly jurySize: bigint;
	readonly appealJurySize: bigint;
	readonly jurorFeeWei: bigint;
	readonly slashChallengerPpm: bigint;
};

/**
 * The least stake that a job may ask for: a dispute's bond, and so much that the part of it which goes to a challenger who is right pays for two
 * juries. The twin of TrainingJobs.leastStakeWei.
 */
export function leastJobStakeWei(terms: JobStakeTerms): bigint {
	const { disputeBondWei, slashChallengerPpm: ppm } = terms;
	const jurorsWei = (terms.jurySize + terms.appealJurySize) * terms.jurorFeeWei;
	const repayingWei = ppm === 0n ? 0n : (jurorsWei * 1_000_000n + ppm - 1n) / ppm;
	return repayingWei > disputeBondWei ? repayingWei : disputeBondWei;
}
