// A run of any size whose features are made up: checking costs the same whatever the numbers say. Trees, proofs and rules are the real ones.

import {
	createProver,
	type FeatureRecord,
	type FeatureRows,
	featureNumbers,
	featureRowsTree,
	heads,
	type Prover,
	type RowOpening,
	type RowText,
	scoreFeatureRows,
	shareRule,
	type Verifier,
} from "@openledger/attribution";
import {
	type Hex,
	keccak256,
	merkleTree,
	queryDigest,
	rowCommitment,
	sharesRoot,
	snapshotLeaf,
	uint32,
	utf8,
} from "@openledger/protocol";

export const WIDTH = 1022;
/** Rows that stand out for the answer. */
const OUTSTANDING = 4;

export interface MadeUpRun {
	readonly features: FeatureRows;
	readonly query: Int8Array;
	readonly prover: Prover;
	readonly verifier: Verifier;
	/** Milliseconds to bring the scores under their root and to find who may be paid. */
	readonly commitMs: number;
}

/** xorshift32; what the numbers are does not matter, that they are the same each time does. */
function numbersOf(seed: number): () => number {
	let x = seed | 1;
	return () => {
		x ^= x << 13;
		x ^= x >>> 17;
		x ^= x << 5;
		return x;
	};
}

export function madeUpRun(rows: number, seed = 1): MadeUpRun {
	const draw = numbersOf(seed * 7919);
	const query = Int8Array.from({ length: WIDTH }, () => (draw() >> 8) % 64);
	const numbers = new Int8Array(rows * WIDTH);
	for (let i = 0; i < numbers.length; i++) numbers[i] = (draw() >> 8) % 64;
	for (let i = 0; i < OUTSTANDING; i++) {
		const at = Math.floor((rows * (i + 0.5)) / OUTSTANDING) * WIDTH;
		for (let k = 0; k < WIDTH; k++) if (k % (i + 2) === 0) numbers[at + k] = query[k]!;
	}
	const features = { rows, width: WIDTH, numbers, scales: new Uint16Array(rows).fill(64) };
	const texts = Array.from({ length: rows }, (_, index): RowText => {
		const row = {
			prompt: `What is the ${index}th question of this datanet?`,
			response: `It is answer ${index * 7919}.`,
		};
		const salt = keccak256(uint32(index));
		const contributor = `0x${((index % 50) + 1).toString(16).padStart(40, "0")}` as Hex;
		return { row, salt, commitment: rowCommitment(row, salt), contributor, cluster: index };
	});
	const snapshot = merkleTree(
		texts.map(({ commitment, contributor, cluster }, index) =>
			snapshotLeaf({ index, commitment, contributor, cluster }),
		),
	);
	const tree = featureRowsTree(features);
	const recordOf = (row: number): FeatureRecord => ({
		scale: features.scales[row]!,
		numbers: featureNumbers(features, row),
	});
	const subject = {
		receiptId: keccak256(utf8("receipt")),
		featuresRoot: tree.root,
		snapshotRoot: snapshot.root,
		method: keccak256(utf8("method")),
		queryDigest: queryDigest(query),
		rows,
	};
	const open = (index: number): RowOpening => ({
		...texts[index]!,
		index,
		snapshotProof: snapshot.proofFor(index),
		feature: recordOf(index),
		featureProof: tree.proofFor(index),
	});
	const scores = scoreFeatureRows(features, query);
	const begun = performance.now();
	const isHead = heads(texts);
	const prover = createProver(
		{ subject, scores, heads: isHead, clusters: texts.map(({ cluster }) => cluster), open },
		shareRule,
	);
	const commitMs = performance.now() - begun;
	const candidates = [...scores].flatMap((score, row) =>
		isHead[row]
			? [{ row, score, head: true, contributor: texts[row]!.contributor, cluster: row, feature: recordOf(row) }]
			: [],
	);
	const { leaves } = shareRule.shares(prover.commitment.root, candidates);
	return {
		features,
		query,
		prover,
		commitMs,
		verifier: {
			subject,
			query,
			sharesRoot: sharesRoot(leaves),
			rule: shareRule,
			// What a model would make of the text is what was committed; what making it costs is measured by itself.
			featuresOf: (shown) => shown.map(({ index }) => recordOf(index)),
		},
	};
}
