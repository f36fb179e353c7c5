// Reads that take a lot of work, in one line: one at a time, as many waiting as there is room for, and whoever asks for what is being read
// already gets that. The others are told when to come back, so that what is paid for is not kept waiting. It must not know what is read.

import { TransientError } from "@openledger/protocol";

export type Heavy = {
	/** `name` says what is read: of two that are under way under one name, one is done. Throws `node/busy`. */
	<result>(name: string, work: () => Promise<result>): Promise<result>;
	/** How many wait or are under way. */
	count(): number;
};

const WAITING = 16;
const MOST_SECONDS = 120;

export function createHeavy({ waiting = WAITING } = {}): Heavy {
	const underWay = new Map<string, Promise<unknown>>();
	let last: Promise<unknown> = Promise.resolve();
	/** Milliseconds, as the latest took. */
	let usualMs = 1000;
	function heavy<result>(name: string, work: () => Promise<result>): Promise<result> {
		const same = underWay.get(name);
		if (same !== undefined) return same as Promise<result>;
		if (underWay.size > waiting) {
			const seconds = Math.min(MOST_SECONDS, Math.ceil((underWay.size * usualMs) / 1000));
			const message = `the node is busy with ${underWay.size} reads like this one; ask again in ${seconds} s`;
			return Promise.reject(
				new TransientError(message, { code: "node/busy", details: { retryAfterSeconds: seconds } }),
			);
		}
		const turn = last.then(async () => {
			// Others get a word in between two of them.
			await new Promise((resolve) => setImmediate(resolve));
			const begun = performance.now();
			try {
				return await work();
			} finally {
				usualMs = (usualMs + performance.now() - begun) / 2;
			}
		});
		last = turn.catch(() => {});
		underWay.set(name, turn);
		const ended = () => underWay.delete(name);
		turn.then(ended, ended);
		return turn;
	}
	heavy.count = () => underWay.size;
	return heavy;
}
