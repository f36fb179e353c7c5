// What each caller has used: requests under way, requests and tokens of the last minute. It must not know what a request is.

import { ApiError } from "../errors.js";
import type { KeyLimits } from "./keyStore.js";

/** One request of a caller, from its admission to its end. */
export interface Lease {
	/** Takes tokens ahead of the work, the most it can use; throws 429 where the caller has not so many left. */
	takeTokens(most: number): void;
	/** Tells how many of them were used; the rest is given back. */
	usedTokens(tokens: number): void;
	/** Once, whatever happened; further calls do nothing. */
	end(): void;
}

export interface CallerLimits {
	/** Admits a request, or throws 429 with the seconds to wait. */
	begin(caller: string, limits: KeyLimits): Lease;
	/** Callers that are remembered. */
	readonly size: number;
}

interface Bucket {
	level: number;
	at: number;
}

interface Caller {
	running: number;
	readonly requests: Bucket;
	readonly tokens: Bucket;
}

const MINUTE = 60_000;
/** More callers than this at once: the one that was idle longest is forgotten. */
const CALLERS = 10_000;

/** `now` in milliseconds, of a clock that never goes back. */
export function createCallerLimits({ now = () => performance.now(), callers: most = CALLERS } = {}): CallerLimits {
	const callers = new Map<string, Caller>();

	function callerOf(name: string): Caller {
		const known = callers.get(name) ?? {
			running: 0,
			requests: { level: Number.POSITIVE_INFINITY, at: 0 },
			tokens: { level: Number.POSITIVE_INFINITY, at: 0 },
		};
		callers.delete(name);
		callers.set(name, known);
		if (callers.size > most) {
			for (const [other, { running }] of callers) {
				if (running > 0 || other === name) continue;
				callers.delete(other);
				break;
			}
		}
		return known;
	}

	/** Takes from a bucket that holds a minute's worth and refills steadily; throws where it holds too little. */
	function take(bucket: Bucket, amount: number, perMinute: number, what: "requests" | "tokens"): void {
		const time = now();
		const level = Math.min(perMinute, bucket.level + ((time - bucket.at) * perMinute) / MINUTE);
		bucket.at = time;
		bucket.level = level;
		if (level >= amount) {
			bucket.level = level - amount;
			return;
		}
		const retryAfter = Math.ceil(((amount - level) / perMinute) * 60);
		const message = `this key may use ${perMinute} ${what} a minute; try again in ${retryAfter} s`;
		throw new ApiError(429, "rate_limit_exceeded", message, { type: what, retryAfter });
	}

	return {
		get size() {
			return callers.size;
		},
		begin(name, limits) {
			const caller = callerOf(name);
			const { concurrent, requestsPerMinute, tokensPerMinute } = limits;
			if (concurrent !== undefined && caller.running >= concurrent) {
				const message = `this key may have ${concurrent} requests under way at once; wait until one has ended`;
				throw new ApiError(429, "rate_limit_exceeded", message, { type: "requests", retryAfter: 1 });
			}
			if (requestsPerMinute !== undefined) take(caller.requests, 1, requestsPerMinute, "requests");
			caller.running++;
			let ended = false;
			let reserved = 0;
			return {
				takeTokens(tokens) {
					if (tokensPerMinute === undefined) return;
					if (tokens > tokensPerMinute) {
						const message = `the request may use ${tokens} tokens, and this key has ${tokensPerMinute} a minute; ask for fewer`;
						throw new ApiError(400, "rate_limit_exceeded", message, { type: "tokens", param: "max_tokens" });
					}
					take(caller.tokens, tokens, tokensPerMinute, "tokens");
					reserved = tokens;
				},
				usedTokens(tokens) {
					caller.tokens.level += Math.max(0, reserved - tokens);
					reserved = 0;
				},
				end() {
					if (ended) return;
					ended = true;
					caller.running--;
				},
			};
		},
	};
}
