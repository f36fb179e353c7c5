// The ledger as this node's database has it, to be held against what chain and data layer give.

import { Hono } from "hono";
import { databaseLedger } from "../ledger/databaseLedger.js";
import { stateHash } from "../ledger/ledgerState.js";
import type { NodeParts } from "../parts.js";
import { syncClaims } from "../settlement/syncClaims.js";
import { json } from "./json.js";

export function ledgerRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.get("/ledger", async (c) => {
		const found = await parts.heavy("ledger", async () => {
			await syncClaims(parts);
			const state = await databaseLedger(parts);
			return { hash: stateHash(state), state };
		});
		return json(c, found);
	});
	return app;
}
