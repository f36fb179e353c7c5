// The gradient methods of the literature, with whole gradients of the same run, so that nothing but the idea is compared. Higher: the row
// lowers the query's loss more.

import type { RecordedTraining } from "@openledger/attribution";
import type { TrainerState } from "@openledger/llm";
import type { AttributionSet } from "../sets/set.js";
import { type GradientMatrix, mapRows, products, projected, solveDamped, wholeGradients } from "./wholeGradients.js";

export interface GradientWorld {
	readonly set: AttributionSet;
	readonly run: RecordedTraining;
	/** States at the ends of the run's quarters; the last is the served one. */
	readonly states: readonly TrainerState[];
	/** Mean loss of each row per counted token, at the last state. */
	readonly rowLosses: readonly number[];
	readonly log: (line: string) => void;
}

export interface MethodScores {
	readonly name: string;
	readonly kind: "gradients" | "curvature";
	/** [queries][rows] */
	readonly scores: Float64Array[];
}

const TRAK_WIDTH = 1024;
/** Damping as a share of the mean eigenvalue (kronfluence's default heuristic for EK-FAC; LOGRA's for its projected Fisher). */
const DAMPING = 0.1;

const lengths = (m: GradientMatrix) =>
	Float64Array.from({ length: m.count }, (_, i) => {
		let sum = 0;
		for (let k = i * m.width; k < (i + 1) * m.width; k++) sum += m.values[k]! ** 2;
		return Math.sqrt(sum);
	});

/** Σ over states of rate × what a state gives. */
function summed(parts: readonly { readonly rate: number; readonly scores: readonly Float64Array[] }[]): Float64Array[] {
	return parts[0]!.scores.map((first, q) =>
		first.map((_, row) => parts.reduce((sum, { rate, scores }) => sum + rate * scores[q]![row]!, 0)),
	);
}

/** All of them; whole gradients are held for one state at a time. */
export function gradientMethods({ set, run, states, rowLosses, log }: GradientWorld): MethodScores[] {
	const rows = set.rows.map(({ tokens }) => tokens);
	const queries = set.queries.map(({ tokens }) => tokens);
	const { engine, adapter, settings } = run;
	const at = (state: TrainerState, metric: "none" | "adam") =>
		[
			wholeGradients(engine, adapter, state, rows, metric),
			wholeGradients(engine, adapter, state, queries, metric),
		] as const;
	const rateOf = (state: TrainerState) => run.step(Math.min(state.step, run.total) - 1).learningRate;
	const tracin: { rate: number; scores: Float64Array[] }[] = [];
	const less: { rate: number; scores: Float64Array[] }[] = [];
	const out: MethodScores[] = [];
	states.forEach((state, c) => {
		log(`${set.name}: gradient methods at step ${state.step}`);
		const [g, q] = at(state, "none");
		const dots = products(q, g);
		tracin.push({ rate: rateOf(state), scores: dots });
		if (c === states.length - 1) {
			const own = lengths(g);
			out.push({ name: "gradient dot", kind: "gradients", scores: dots });
			out.push({
				name: "gradient cosine",
				kind: "gradients",
				scores: dots.map((row) => row.map((x, i) => (own[i] === 0 ? 0 : x / own[i]!))),
			});
			const [pg, pq] = [projected(g, TRAK_WIDTH, 7), projected(q, TRAK_WIDTH, 7)];
			const gram = products(pg, pg);
			const mean = gram.reduce((sum, row, i) => sum + row[i]!, 0) / gram.length;
			// (ΦᵀΦ + λI)⁻¹ through the rows: φq·Φᵀ·(ΦΦᵀ + λI)⁻¹, then Q = 1 − p.
			const solved = solveDamped(gram, DAMPING * mean, products(pq, pg));
			out.push({
				name: `TRAK (1 model, k ${TRAK_WIDTH})`,
				kind: "curvature",
				scores: solved.map((row) => row.map((x, i) => x * (1 - Math.exp(-rowLosses[i]!)))),
			});
		}
		// LESS: the row's step of Adam against the query's plain gradient, by direction.
		const [m, v] = [...state.first.keys()].reduce<[number[], number[]]>(
			([ms, vs], name) => {
				for (const x of state.first.get(name)!) ms.push(x);
				for (const x of state.second.get(name)!) vs.push(x);
				return [ms, vs];
			},
			[[], []],
		);
		const { beta1, beta2, epsilon } = settings;
		const adam = mapRows(
			g,
			(x, k) => (beta1 * m[k]! + (1 - beta1) * x) / (Math.sqrt(beta2 * v[k]! + (1 - beta2) * x * x) + epsilon),
		);
		const [a, b] = [lengths(adam), lengths(q)];
		less.push({
			rate: rateOf(state),
			scores: products(q, adam).map((row, i) => row.map((x, j) => x / Math.max(1e-30, a[j]! * b[i]!))),
		});
	});
	out.push({ name: `TracIn (${states.length} checkpoints)`, kind: "gradients", scores: summed(tracin) });
	out.push({ name: `LESS (${states.length} checkpoints)`, kind: "gradients", scores: summed(less) });
	const [g, q] = at(states.at(-1)!, "adam");
	const dots = products(q, g);
	out.push({ name: "gradient dot in Adam's metric", kind: "gradients", scores: dots });
	const gram = products(g, g);
	const mean = gram.reduce((sum, row, i) => sum + row[i]!, 0) / gram.length;
	const solved = solveDamped(gram, mean, dots);
	out.push({
		name: "whole gradients, Adam's metric, damped inverse Fisher",
		kind: "curvature",
		scores: dots.map((row, i) => {
			const weights = solved[i]!;
			return row.map((x, z) => x - gram[z]!.reduce((sum, k, j) => sum + k * weights[j]!, 0));
		}),
	});
	return out;
}
