// One request for answers while it is under way: who it is from, what it has used, and its end, which comes once.

import type { Context } from "hono";
import type { Lease } from "../limits/callerLimits.js";
import type { KeyLimits } from "../limits/keyStore.js";
import { authorise } from "./authorise.js";
import type { RequestFields } from "./requestLog.js";
import { addressOf, type RouteEnv, type ServerContext } from "./serverContext.js";

export interface Visit {
	/** The key's name, or "anonymous". */
	readonly tenant: string;
	/** Of its key. */
	readonly limits: KeyLimits;
	readonly fields: RequestFields;
	/** When it came, as `performance.now()` tells. */
	readonly began: number;
	readonly lease: Lease;
	/** Gives its place back, when nothing of it is under way any more. */
	end(): void;
}

/** Throws 401 without a right key, 429 where the key or the server has no place left, 503 while draining. */
export function beginVisit({ auth, gate, callers, metrics }: ServerContext, c: Context<RouteEnv>): Visit {
	const fields = c.get("fields");
	const { tenant, counted, limits } = authorise(auth, c.req.header("authorization") ?? null, addressOf(c));
	fields.tenant = tenant;
	const leave = gate.enter();
	try {
		const lease = callers.begin(counted, limits);
		metrics.inFlight(1);
		const end = () => {
			lease.end();
			leave();
			metrics.inFlight(-1);
		};
		return { tenant, limits, fields, began: c.get("began"), lease, end };
	} catch (error) {
		leave();
		throw error;
	}
}
