// Counts the requests for answers under way, so that there are never too many, and so that the server can end when they have ended.

import { ApiError } from "../errors.js";

export interface Gate {
	readonly draining: boolean;
	readonly running: number;
	/** Lets a request in and returns how it leaves. Throws 503 `draining`, or 429 `overloaded` when all places are taken. */
	enter(): () => void;
	/** Lets nobody in any more; resolves when the last has left. */
	drain(): Promise<void>;
}

export function createGate(places: number): Gate {
	let running = 0;
	let draining = false;
	let idle: (() => void)[] = [];

	return {
		get draining() {
			return draining;
		},
		get running() {
			return running;
		},
		enter() {
			if (draining) {
				throw new ApiError(503, "draining", "this server is shutting down; ask again soon", { retryAfter: 5 });
			}
			if (running >= places) {
				const message = `${places} requests are under way, as many as this server takes; ask again soon`;
				throw new ApiError(429, "overloaded", message, { retryAfter: 1 });
			}
			running++;
			let left = false;
			return () => {
				if (left) return;
				left = true;
				running--;
				if (running > 0) return;
				for (const resolve of idle) resolve();
				idle = [];
			};
		},
		drain() {
			draining = true;
			if (running === 0) return Promise.resolve();
			return new Promise((resolve) => idle.push(resolve));
		},
	};
}
