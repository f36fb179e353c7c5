// The losses of a run, under way or done, thinned to what a chart can show. For people: losses of steps are committed nowhere.

import { join } from "node:path";
import { readIfThere, runFiles } from "@openledger/factory";
import type { NodeParts } from "../parts.js";
import type { Curve, CurvePoint } from "./openCurves.js";

type Stored = {
	readonly steps?: readonly { readonly step: number; readonly loss: number; readonly seconds: number }[];
	readonly chain?: readonly { readonly step: number; readonly validation?: { readonly loss: number } }[];
};

export type ShownCurve = {
	readonly steps: readonly CurvePoint[];
	readonly validations: readonly CurvePoint[];
	/** Every how many steps one is shown; the last always is. */
	readonly every: number;
	/** Steps that there are. */
	readonly taken: number;
	/** Time spent in steps, of runs that are written down. */
	readonly seconds: number | null;
};

const MOST_POINTS = 1000;

/** Of a run's folder beneath the home's runs; nothing where it has not begun. */
export async function readCurve(parts: NodeParts, runFolder: string): Promise<ShownCurve> {
	const live = parts.curves.of(runFolder);
	if (live !== undefined) return shown(live, null);
	const stored = await storedCurve(parts, runFolder);
	return shown(stored, stored.seconds);
}

/** What the run wrote down at its end, or at its last save. */
export async function storedCurve(
	{ home }: NodeParts,
	runFolder: string,
): Promise<Curve & { readonly seconds: number | null }> {
	const at = runFiles(join(home, "runs", runFolder));
	const text = (await readIfThere(at.run)) ?? (await readIfThere(at.log));
	const stored = text === undefined ? {} : parse(text);
	const steps = stored.steps ?? [];
	return {
		steps: steps.map(({ step, loss }) => ({ step, loss })),
		validations: (stored.chain ?? []).flatMap(({ step, validation }) =>
			validation === undefined ? [] : [{ step, loss: validation.loss }],
		),
		seconds: text === undefined ? null : steps.reduce((sum, { seconds }) => sum + seconds, 0),
	};
}

function parse(text: Uint8Array): Stored {
	try {
		return (JSON.parse(new TextDecoder().decode(text)) ?? {}) as Stored;
	} catch {
		return {};
	}
}

function shown({ steps, validations }: Curve, seconds: number | null): ShownCurve {
	const every = Math.max(1, Math.ceil(steps.length / MOST_POINTS));
	const isShown = (_: CurvePoint, i: number) => i % every === 0 || i === steps.length - 1;
	const looks = Math.max(1, Math.ceil(validations.length / MOST_POINTS));
	return {
		steps: steps.filter(isShown),
		validations: validations.filter((_, i) => i % looks === 0 || i === validations.length - 1),
		every,
		taken: steps.at(-1)?.step ?? 0,
		seconds,
	};
}
