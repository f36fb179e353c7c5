// Ctrl-C and `kill` as a promise, so that what is open is closed in order. A second one ends at once.

const ENDED_AT_ONCE = 130;
/** A terminal and its parent process may both pass on one Ctrl-C. */
const SAME_MS = 500;

export function untilSignal(): { readonly received: Promise<undefined>; stop(): void } {
	let first: number | undefined;
	let resolve: (value: undefined) => void = () => {};
	const received = new Promise<undefined>((done) => {
		resolve = done;
	});
	const onSignal = () => {
		if (first !== undefined && performance.now() - first > SAME_MS) process.exit(ENDED_AT_ONCE);
		first ??= performance.now();
		resolve(undefined);
	};
	process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
	return {
		received,
		stop: () => void process.off("SIGINT", onSignal).off("SIGTERM", onSignal),
	};
}
