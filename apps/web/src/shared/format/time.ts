// Times for people. The chain counts Unix seconds.

const STEPS: readonly (readonly [number, string])[] = [
	[60, "s"],
	[60, "min"],
	[24, "h"],
	[Number.POSITIVE_INFINITY, "d"],
];

/** "12 s", "3 min", "5 h", "9 d". */
export function formatSpan(seconds: number): string {
	let value = Math.max(0, seconds);
	for (const [size, unit] of STEPS) {
		if (value < size) return `${Math.round(value)} ${unit}`;
		value /= size;
	}
	return "";
}

/** "12 s", "1 min 31 s", then as `formatSpan`: what somebody waits for. */
export function formatLeft(seconds: number): string {
	if (seconds < 60 || seconds >= 600) return formatSpan(seconds);
	const minutes = Math.floor(seconds / 60);
	return `${minutes} min ${seconds - 60 * minutes} s`;
}

/** "3 min ago", "in 2 h". */
export function formatAgo(unixSeconds: number | string, nowMs: number = Date.now()): string {
	const apart = nowMs / 1000 - Number(unixSeconds);
	if (Math.abs(apart) < 2) return "now";
	return apart > 0 ? `${formatSpan(apart)} ago` : `in ${formatSpan(-apart)}`;
}

export function formatDate(unixSeconds: number | string): string {
	return new Date(Number(unixSeconds) * 1000)
		.toISOString()
		.replace("T", " ")
		.replace(/\.\d+Z$/, " UTC");
}
