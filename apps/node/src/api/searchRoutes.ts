// Search over HTTP.

import { Hono } from "hono";
import { search } from "../network/search.js";
import type { NodeParts } from "../parts.js";
import { json } from "./json.js";

export function searchRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.get("/search", async (c) => json(c, { found: await search(parts, c.req.query("q") ?? "") }));
	return app;
}
