// How far an audit is, and how long it goes on, by the steps of late. It must not know where that is told.

export type AuditProgress = {
	/** What is being done: words for people. */
	readonly doing: string;
	/** Training steps, or what counts as one. */
	readonly done: number;
	readonly total: number;
	/** Not known before the first steps were timed. */
	readonly secondsLeft?: number;
};

export type ReportProgress = (progress: AuditProgress) => void;

const RECENT = 32;

/** Counts steps of a work of `total`; returns what to call after each. */
export function countSteps(total: number, report: ReportProgress): (doing: string) => void {
	const times: number[] = [performance.now()];
	let done = 0;
	return (doing) => {
		times.push(performance.now());
		if (times.length > RECENT) times.shift();
		done++;
		const each = (times.at(-1)! - times[0]!) / (times.length - 1) / 1000;
		report({ doing, done, total, secondsLeft: each * Math.max(0, total - done) });
	};
}

export function sayAudit({ doing, secondsLeft }: AuditProgress): string {
	if (secondsLeft === undefined) return doing;
	const seconds = Math.ceil(secondsLeft);
	return `${doing}, ${seconds <= 100 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`} left`;
}
