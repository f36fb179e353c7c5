// The records of an audit by name: states of the run, and how far the way back has come. It writes the cotangents to one of two places in
// turn and then the record that points to them, so that one of them is whole at any moment.

import type { Adjoint, Cotangent, TrainerState } from "@openledger/llm";
import { flatten, type MagicStore, seal, unflatten, unseal } from "./magicStore.js";
import type { RecordedTraining } from "./recordedTraining.js";

/** ‖∂ loss/∂ state‖₂ before each step and at the end, [steps + 1]. */
export interface StateNorms {
	readonly parameters: Float64Array;
	readonly first: Float64Array;
	readonly second: Float64Array;
}

export interface Kept {
	readonly store: MagicStore;
	/** Digest of the audit. */
	readonly job: string;
	/** How many numbers each parameter has. */
	readonly sizes: ReadonlyMap<string, number>;
}

/** The way back, between two segments. */
export interface Backward {
	/** Steps still to be gone through. */
	step: number;
	/** Which of the two places holds the cotangents that were written last. */
	turn: number;
	readonly losses: readonly number[];
	readonly cotangents: readonly Cotangent[];
	readonly influences: readonly Float64Array[];
	readonly norms: readonly StateNorms[];
}

const stateName = (step: number) => `state-${String(step).padStart(8, "0")}`;
const RECORD = "backward";

export async function keepState({ store, job, sizes }: Kept, state: TrainerState): Promise<void> {
	const name = stateName(state.step);
	await store.write(name, seal(`${job} ${name}`, flatten(state, [...sizes.keys()])));
}

export async function readState({ store, job, sizes }: Kept, step: number): Promise<TrainerState | undefined> {
	const name = stateName(step);
	const bytes = await store.read(name);
	if (bytes === undefined) return undefined;
	return { step, ...unflatten(new Float32Array(unseal(`${job} ${name}`, name, bytes)), sizes) };
}

const placeOf = (turn: number) => `cotangents-${turn}`;
const asState = ({ parameters, first, second }: Cotangent) => ({
	parameters: read(parameters),
	first: read(first),
	second: read(second),
});
const read = (buffers: Cotangent["first"]) => new Map([...buffers].map(([name, buffer]) => [name, buffer.read()]));

/** Writes the cotangents, then the record: steps left, turn, and for each query its loss, norms and influences. */
export async function keepBackward({ store, job, sizes }: Kept, back: Backward): Promise<void> {
	const turn = 1 - back.turn;
	const names = [...sizes.keys()];
	const parts = back.cotangents.map((cotangent) => flatten(asState(cotangent), names));
	const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
	parts.forEach((part, q) => {
		all.set(part, q * part.length);
	});
	await store.write(placeOf(turn), seal(`${job} ${back.step}`, all));
	const numbers = back.influences.flatMap((influence, q) => {
		const { parameters, first, second } = back.norms[q]!;
		return [Float64Array.of(back.losses[q]!), parameters, first, second, influence];
	});
	const record = new Float64Array(2 + numbers.reduce((sum, part) => sum + part.length, 0));
	record.set([back.step, turn]);
	let at = 2;
	for (const part of numbers) {
		record.set(part, at);
		at += part.length;
	}
	await store.write(RECORD, seal(job, record));
	back.turn = turn;
}

/** The way back as it was left, its cotangents in the machine again; undefined where there is none. */
export async function readBackward(
	{ store, job, sizes }: Kept,
	adjoint: Adjoint,
	{ rows, total }: RecordedTraining,
): Promise<Backward | undefined> {
	const bytes = await store.read(RECORD);
	if (bytes === undefined) return undefined;
	const record = new Float64Array(unseal(job, RECORD, bytes));
	const [step, turn] = record as unknown as [number, number];
	const place = placeOf(turn);
	const all = new Float32Array(unseal(`${job} ${step}`, place, (await store.read(place)) ?? new Uint8Array()));
	const perQuery = 1 + 3 * (total + 1) + rows;
	const back = {
		step,
		turn,
		losses: [] as number[],
		cotangents: [] as Cotangent[],
		influences: [] as Float64Array[],
		norms: [] as StateNorms[],
	};
	const numbers = 3 * [...sizes.values()].reduce((sum, size) => sum + size, 0);
	for (let q = 0; q < (record.length - 2) / perQuery; q++) {
		let at = 2 + q * perQuery;
		const take = (count: number) => {
			at += count;
			return record.slice(at - count, at);
		};
		back.losses.push(take(1)[0]!);
		back.norms.push({ parameters: take(total + 1), first: take(total + 1), second: take(total + 1) });
		back.influences.push(take(rows));
		const { parameters, first, second } = unflatten(all.subarray(q * numbers, (q + 1) * numbers), sizes);
		back.cotangents.push(adjoint.cotangent({ parameters, first, second }));
	}
	return back;
}
