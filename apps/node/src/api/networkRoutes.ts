// The network over HTTP: epochs and their data, operators, disputes, governed constants. Blocks and transactions are the chain's own to
// tell, at /rpc.

import { readParameters } from "@openledger/chain";
import { CallerError } from "@openledger/protocol";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { atHead } from "../network/atHead.js";
import { checkEpochData, readEpochData } from "../network/checkEpochData.js";
import { listDisputes } from "../network/listDisputes.js";
import { listEpochs, showEpoch } from "../network/listEpochs.js";
import { listNodes } from "../network/listNodes.js";
import type { NodeParts } from "../parts.js";
import { json, readQuery } from "./json.js";

const MAX_EPOCH = 2_147_483_647;
const page = z.object({
	limit: z.coerce.number().int().min(1).max(100).default(25),
	before: z.coerce.number().int().min(0).max(MAX_EPOCH).optional(),
});
const nodesPage = z.object({
	limit: z.coerce.number().int().min(1).max(100).default(50),
	from: z.coerce.number().int().min(0).max(1_000_000).default(0),
});

export function networkRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.get("/network/epochs", async (c) => json(c, await listEpochs(parts, readQuery(c, page))));
	app.get("/network/epochs/:epoch", async (c) => json(c, await showEpoch(parts, epochOf(c))));
	app.get("/network/epochs/:epoch/data", async (c) => {
		const epoch = epochOf(c);
		return json(c, await parts.heavy(`epoch data ${epoch}`, () => readEpochData(parts, epoch)));
	});
	app.get("/network/epochs/:epoch/check", async (c) => {
		const epoch = epochOf(c);
		return json(c, await parts.heavy(`epoch check ${epoch}`, () => checkEpochData(parts, epoch)));
	});
	app.get("/network/nodes", async (c) => json(c, await listNodes(parts, readQuery(c, nodesPage))));
	app.get("/network/disputes", async (c) => json(c, await listDisputes(parts)));
	app.get("/network/parameters", async (c) =>
		json(c, { parameters: await atHead(parts.ledger, "parameters", readParameters) }),
	);
	return app;
}

function epochOf(c: Context): number {
	const text = c.req.param("epoch") ?? "";
	const epoch = Number(text);
	if (/^\d{1,10}$/.test(text) && epoch <= MAX_EPOCH) return epoch;
	throw new CallerError(`an epoch is a number, not ${JSON.stringify(text.slice(0, 40))}`, { code: "api/bad-query" });
}
