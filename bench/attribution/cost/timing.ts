// Time by the clock and of the processor. Other work on the machine stretches the first and hardly the second, so both are told.

export interface Timed {
	/** Milliseconds by the clock. */
	readonly best: number;
	readonly median: number;
	/** Milliseconds of processor time, all threads together, of the best run. */
	readonly processor: number;
	readonly runs: number;
}

export const rounded = (value: number, digits = 2) => Number(value.toPrecision(Math.max(digits, 3)));

/** Runs `work` at least `least` times, and on for `milliseconds`; the first run, which warms up, does not count. */
export async function repeat(
	work: () => Promise<unknown> | unknown,
	{ least = 5, milliseconds = 1000 } = {},
): Promise<Timed> {
	await work();
	const clock: number[] = [];
	const processor: number[] = [];
	for (const from = performance.now(); clock.length < least || performance.now() - from < milliseconds; ) {
		const [begun, used] = [performance.now(), process.cpuUsage()];
		await work();
		clock.push(performance.now() - begun);
		const { user, system } = process.cpuUsage(used);
		processor.push((user + system) / 1000);
	}
	const sorted = [...clock].sort((a, b) => a - b);
	return {
		best: sorted[0]!,
		median: sorted[sorted.length >> 1]!,
		processor: Math.min(...processor),
		runs: clock.length,
	};
}
