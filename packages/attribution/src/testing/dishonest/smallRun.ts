// A small honest run for tests: a tiny base really trained, its rows' features, and one answer's scores and shares. Everything is made by the
// code that is tested elsewhere; nothing is invented but the texts.

import {
	adapterLoss,
	adapterParameterShapes,
	batchFeeds,
	createEngine,
	createTrainer,
	encodeRow,
	initialAdapter,
	inputNameA,
	inputNameB,
	LINEARS,
	makeBatch,
	meanWeights,
	tinyBase,
} from "@openledger/llm";
import {
	type Hex,
	keccak256,
	merkleTree,
	type Row,
	rowCommitment,
	type ShareLeaf,
	snapshotLeaf,
	uint32,
} from "@openledger/protocol";
import { type FeatureRows, featureNumbers, scoreFeatureRows } from "../../features/index.js";
import { collectFeatures } from "../../influence/collectFeatures.js";
import { createFeatureMaker } from "../../influence/featureMaker.js";
import { createQueryMetric, landmarkRows } from "../../influence/queryMetric.js";
import { explainsByFeatures, heads, sharesOf } from "../../shares/index.js";
import type { FeatureRecord, RowText } from "../../verify/index.js";

const ADAPTER = { rank: 4, alpha: 8, targets: LINEARS };
const SEED = 5;
const STEPS = 12;
const ROWS_AT_ONCE = 16;

/** Makes features with one base, adapter and run. */
export interface FeatureMachine {
	/** Rows that were learnt from; what others say has no feature. */
	featuresOf(rows: readonly (Row | undefined)[]): FeatureRecord[];
	queryOf(row: Row): Int8Array;
	readonly width: number;
}

export interface SmallRun extends FeatureMachine {
	readonly rows: readonly RowText[];
	readonly snapshotRoot: Hex;
	readonly snapshotProof: (row: number) => Hex[];
	readonly learnt: (row: number) => boolean;
	readonly features: FeatureRows;
	readonly heads: readonly boolean[];
	/** The same rows by a machine whose run took other steps, and by one with another base. */
	readonly otherAdapter: FeatureMachine;
	readonly otherBase: FeatureMachine;
}

export interface SmallAnswer {
	readonly query: Int8Array;
	readonly scores: readonly number[];
	readonly leaves: readonly ShareLeaf[];
}

const account = (n: number): Hex => `0x${(n + 1).toString(16).padStart(40, "0")}`;

/** Rows in a few shapes, one in ten the copy of one before, by eight contributors. */
function makeRows(count: number): RowText[] {
	const rows: RowText[] = [];
	for (let i = 0; i < count; i++) {
		const copied = i % 10 === 9 ? i - 5 : i;
		const row = {
			prompt: `Which river is the ${copied}th?${copied === i ? "" : " Say!"}`,
			response: `The ${"abcdefgh"[copied % 8]}${(copied * 7919) % 1000} river.`,
		};
		const salt = keccak256(uint32(i));
		const commitment = rowCommitment(row, salt);
		rows.push({ row, salt, commitment, contributor: account(i % 8), cluster: copied });
	}
	return rows;
}

async function machineOf(
	base: ReturnType<typeof tinyBase>,
	rows: readonly Row[],
	rate: number,
	learnt: (row: number) => boolean = () => true,
): Promise<FeatureMachine & { readonly features: FeatureRows }> {
	const engine = createEngine(base);
	const encoded = rows.map((row) => encodeRow(base, row));
	const initial = new Map<string, Float32Array>();
	for (const [path, { A, B }] of initialAdapter(base.config, ADAPTER, 3))
		initial.set(inputNameA(path), A).set(inputNameB(path), B);
	const trainer = createTrainer({
		machine: engine.machine,
		shapes: adapterParameterShapes(base.config, ADAPTER),
		initial,
		loss: adapterLoss(base.config, ADAPTER),
		settings: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, epsilonRoot: 1e-12, weightDecay: 0, clip: 1 },
	});
	for (let step = 0; step < STEPS; step++) {
		const part = Array.from({ length: 8 }, (_, i) => encoded[(step * 8 + i) % encoded.length]!);
		const batch = makeBatch(part, base.padding);
		trainer.step(batch.shape, { ...engine.resident, ...batchFeeds(base.config, batch, meanWeights(batch)) }, rate);
	}
	const checkpoint = trainer.state();
	trainer.close();
	const { space, features } = await collectFeatures({
		engine,
		adapter: ADAPTER,
		seed: SEED,
		rows: encoded.map((row, i) => (learnt(i) ? row : undefined)),
		checkpoint,
	});
	const maker = createFeatureMaker(engine, ADAPTER, checkpoint, space);
	const metric = createQueryMetric(features, landmarkRows(features, SEED));
	return {
		width: features.width,
		features,
		queryOf: (row) => metric.query(maker.whitened(makeBatch([encodeRow(base, row)], base.padding))[0]!),
		featuresOf(list) {
			const made: FeatureRecord[] = list.map(() => ({ scale: 0, numbers: new Int8Array(features.width) }));
			const present = list.flatMap((row, i) => (row === undefined ? [] : [{ i, tokens: encodeRow(base, row) }]));
			for (let at = 0; at < present.length; at += ROWS_AT_ONCE) {
				const part = present.slice(at, at + ROWS_AT_ONCE);
				maker.rows(part.map(({ tokens }) => tokens)).forEach((feature, k) => {
					made[part[k]!.i] = feature;
				});
			}
			return made;
		},
	};
}

/** Remembers what was made from a text: the same text gives the same feature, and a test asks thousands of times. */
function remembering(machine: FeatureMachine): FeatureMachine {
	const known = new Map<string, FeatureRecord>();
	const keyOf = (row: Row | undefined) => (row === undefined ? "" : `${row.prompt}\n${row.response}`);
	return {
		...machine,
		featuresOf(list) {
			const fresh = list.filter((row) => !known.has(keyOf(row)));
			machine.featuresOf(fresh).forEach((made, i) => {
				known.set(keyOf(fresh[i]), made);
			});
			return list.map((row) => known.get(keyOf(row))!);
		},
	};
}

function joined(records: readonly FeatureRecord[], width: number): FeatureRows {
	const numbers = new Int8Array(records.length * width);
	records.forEach((record, row) => {
		numbers.set(record.numbers, row * width);
	});
	return { rows: records.length, width, numbers, scales: Uint16Array.from(records, ({ scale }) => scale) };
}

/** Trains and measures; about a second. */
export async function smallRun(count = 200): Promise<SmallRun> {
	const rows = makeRows(count);
	const texts = rows.map(({ row }) => row);
	const base = tinyBase();
	const learnt = (row: number) => row % 23 !== 22;
	const made = await machineOf(base, texts, 5e-3, learnt);
	const machine = remembering(made);
	const tree = merkleTree(
		rows.map(({ commitment, contributor, cluster }, index) =>
			snapshotLeaf({ index, commitment, contributor, cluster }),
		),
	);
	return {
		...machine,
		rows,
		snapshotRoot: tree.root,
		snapshotProof: (row) => tree.proofFor(row),
		learnt,
		features: made.features,
		heads: heads(rows.map(({ cluster }, row) => ({ cluster, learnt: learnt(row) }))),
		otherAdapter: await machineOf(base, texts.slice(count >> 1), 2e-2),
		otherBase: await machineOf(tinyBase(2), texts, 5e-3),
	};
}

/** Shares of these scores as the method says, with these features. */
export function leavesOf(run: SmallRun, scores: readonly number[], features: FeatureRows = run.features): ShareLeaf[] {
	const rows = run.rows.map(({ contributor, cluster }, row) => ({ contributor, cluster, learnt: run.learnt(row) }));
	const explains = explainsByFeatures((row) => ({
		scale: features.scales[row]!,
		numbers: featureNumbers(features, row),
	}));
	return [...sharesOf(scores, rows, explains).leaves];
}

/** The honest attribution of an answer that says what a row says. */
export function answerLike(run: SmallRun, row: number): SmallAnswer {
	const query = run.queryOf(run.rows[row]!.row);
	const scores = [...scoreFeatureRows(run.features, query)];
	return { query, scores, leaves: leavesOf(run, scores) };
}

export { joined as featureRowsOf };
