// What to ask a model, over HTTP.

import { Hono } from "hono";
import { exampleQuestions } from "../inference/exampleQuestions.js";
import type { NodeParts } from "../parts.js";
import { json } from "./json.js";

const LISTED = 6;

export function questionRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.get("/models/:id/questions", async (c) => {
		const limit = Number(c.req.query("limit") ?? LISTED);
		const id = c.req.param("id");
		const read = () => exampleQuestions(parts, id, limit);
		return json(c, { questions: await parts.heavy(`questions ${limit} ${id}`, read) });
	});
	return app;
}
