// How likely a fraud is found by rows drawn at random. For people and plans: nothing is paid by these numbers.

/**
 * The probability that at least one of `bad` rows is among `drawn` different ones of `rows`: 1 − C(rows − bad, drawn) / C(rows, drawn).
 * For many rows this is the 1 − (1 − f)^k of independent draws, and never less than that.
 */
export function catchProbability(rows: number, bad: number, drawn: number): number {
	if (bad <= 0 || drawn <= 0) return 0;
	if (bad + drawn > rows) return 1;
	let missed = 1;
	for (let i = 0; i < drawn; i++) missed *= (rows - bad - i) / (rows - i);
	return 1 - missed;
}

/** How many rows must be drawn so that `bad` of `rows` are missed with at most this probability; all but the bad ones and one at worst. */
export function drawsFor(rows: number, bad: number, missed: number): number {
	let left = 1;
	let drawn = 0;
	while (left > missed && bad + drawn <= rows) {
		left *= (rows - bad - drawn) / (rows - drawn);
		drawn++;
	}
	return drawn;
}

/** The probability that draws by weight find rows that hold `part` (0 to 1) of Σ score²: each draw is independent. */
export function weightedCatchProbability(part: number, drawn: number): number {
	let missed = 1;
	for (let i = 0; i < drawn; i++) missed *= 1 - Math.min(1, Math.max(0, part));
	return 1 - missed;
}
