// Stakes over HTTP: who stands behind whom, and what an account has staked. Staking itself is each wallet's own transaction.

import { Hono } from "hono";
import type { NodeParts } from "../parts.js";
import { listOperators } from "../staking/listOperators.js";
import { readStaker } from "../staking/readStaker.js";
import { json } from "./json.js";
import { accountOf, limitOf } from "./params.js";

const LIST = { usual: 50, most: 200 } as const;

export function stakeRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.get("/stakes", async (c) => json(c, await listOperators(parts, limitOf(c, LIST))));
	app.get("/stakes/:account", async (c) => json(c, await readStaker(parts, accountOf(c))));
	return app;
}
