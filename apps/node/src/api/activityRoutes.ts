// What the network is doing, over HTTP: numbers and the latest events.

import { Hono } from "hono";
import { z } from "zod";
import { readActivity } from "../network/readActivity.js";
import { readSummary } from "../network/readSummary.js";
import type { NodeParts } from "../parts.js";
import { json, readQuery } from "./json.js";

const page = z.object({
	limit: z.coerce.number().int().min(1).max(100).default(30),
	before: z.string().max(40).optional(),
});

export function activityRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.get("/activity", async (c) => json(c, await readActivity(parts, readQuery(c, page))));
	app.get("/activity/summary", async (c) => json(c, await readSummary(parts)));
	return app;
}
