// The same model with other numbers: what a score says of a model that has learnt nothing. Every matrix is drawn anew with the deviation it had.

import { type BaseModel, createEngine, type Engine, type TrainerState } from "@openledger/llm";
import { drawNormals, drawPermutation, type Machine } from "@openledger/tensor";

const PURPOSE_WEIGHTS = 0x4a0;
const PURPOSE_MOMENTS = 0x4a1;

function redrawn(values: Float32Array, seed: number, step: number): Float32Array {
	let square = 0;
	for (const value of values) square += value * value;
	const deviation = Math.sqrt(square / values.length);
	return drawNormals({ seed, purpose: PURPOSE_WEIGHTS, step }, values.length).map((x) => x * deviation);
}

/** A base whose matrices are drawn anew; norms' weights stay, or nothing would reach the last layer. */
export function randomBase(base: BaseModel, seed: number): BaseModel {
	const parameters = new Map(
		[...base.parameters].map(([name, values], step) => [
			name,
			name.includes("norm") ? values : redrawn(values, seed, step),
		]),
	);
	return { ...base, name: `${base.name}, random weights`, parameters };
}

/** An engine of the random base, on a machine of its own or the one given. */
export function randomEngine({ base }: Engine, seed: number, machine: Machine): Engine {
	return createEngine(randomBase(base, seed), machine);
}

/** A state of training with the adapter drawn anew; second moments keep their values and lose their places. */
export function randomState(state: TrainerState, seed: number): TrainerState {
	const draw = (values: ReadonlyMap<string, Float32Array>, offset: number) =>
		new Map([...values].map(([name, one], step) => [name, redrawn(one, seed, offset + step)]));
	const second = new Map(
		[...state.second].map(([name, values], step) => {
			const order = drawPermutation({ seed, purpose: PURPOSE_MOMENTS, step }, values.length);
			return [name, Float32Array.from(order, (i) => values[i]!)];
		}),
	);
	return { step: state.step, parameters: draw(state.parameters, 1000), first: draw(state.first, 2000), second };
}
