// The losses of runs under way, step by step, so that they can be looked at while they grow. It must not know what a run is.

export type CurvePoint = { readonly step: number; readonly loss: number };

export type Curve = {
	readonly steps: CurvePoint[];
	/** On the rows held out. */
	readonly validations: CurvePoint[];
};

export type Curves = {
	/** Forgets what was there and begins with these points. */
	begin(run: string, known: Curve): void;
	/** Of a run that was not begun: nothing happens. */
	add(run: string, point: CurvePoint, validation?: CurvePoint): void;
	of(run: string): Curve | undefined;
	end(run: string): void;
};

export function openCurves(): Curves {
	const open = new Map<string, Curve>();
	return {
		begin: (run, { steps, validations }) => open.set(run, { steps: [...steps], validations: [...validations] }),
		add(run, point, validation) {
			const curve = open.get(run);
			if (curve === undefined) return;
			if (point.step > (curve.steps.at(-1)?.step ?? 0)) curve.steps.push(point);
			if (validation !== undefined && validation.step > (curve.validations.at(-1)?.step ?? 0))
				curve.validations.push(validation);
		},
		of: (run) => open.get(run),
		end: (run) => open.delete(run),
	};
}
