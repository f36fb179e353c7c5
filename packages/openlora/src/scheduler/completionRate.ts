// How many answers end in a second, from the last of them in a minute; from that, when it is worth asking again. It must not know what they were.

const KEPT = 64;
const KEPT_MS = 60_000;
const LEAST_SECONDS = 1;
const MOST_SECONDS = 60;

export interface CompletionRate {
	/** `now` in milliseconds. */
	ended(now: number): void;
	/** Whole seconds, 1 to 60, until about so many answers will have ended. */
	secondsFor(count: number, now: number): number;
}

export function createCompletionRate(): CompletionRate {
	const ends: number[] = [];
	return {
		ended(now) {
			ends.push(now);
			if (ends.length > KEPT) ends.shift();
		},
		secondsFor(count, now) {
			while (ends.length > 0 && now - ends[0]! > KEPT_MS) ends.shift();
			const span = now - (ends[0] ?? now);
			// Until the first answer nothing is known; then a stall shows, as time goes on without ends.
			if (span <= 0) return LEAST_SECONDS;
			const seconds = Math.ceil((count * span) / ends.length / 1000);
			return Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, seconds));
		},
	};
}
