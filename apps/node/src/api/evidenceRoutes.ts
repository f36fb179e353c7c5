// What receipts commit to, byte for byte, for who verifies elsewhere: this page's own worker, or any program.

import type { Hex } from "@openledger/protocol";
import { type Context, Hono } from "hono";
import { notFound } from "../errors.js";
import {
	baseEvidence,
	type EvidenceFile,
	receiptEvidence,
	rowsEvidence,
	runEvidence,
} from "../inference/readEvidence.js";
import type { NodeParts } from "../parts.js";
import { json } from "./json.js";

export function evidenceRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.get("/receipts/:id/evidence", async (c) => json(c, await receiptEvidence(parts, c.req.param("id") as Hex)));
	app.get("/bases/:digest/files", async (c) => {
		const files = await baseEvidence(parts, c.req.param("digest"));
		return json(c, { files: [...files].map(([name, { bytes }]) => ({ name, bytes })) });
	});
	app.get("/bases/:digest/files/:name", async (c) => {
		const { digest, name } = c.req.param();
		const file = (await baseEvidence(parts, digest)).get(name);
		if (file === undefined) throw notFound("file", name, "see the list of the base's files");
		return send(c, file);
	});
	app.get("/models/:id/evidence/rows.jsonl", async (c) => {
		const stream = await rowsEvidence(parts, c.req.param("id"));
		return c.body(stream(), 200, { "content-type": "application/jsonl; charset=utf-8" });
	});
	app.get("/models/:id/evidence/:name", async (c) => {
		const { id, name } = c.req.param();
		return send(c, await runEvidence(parts, id, name));
	});
	return app;
}

function send(c: Context, { bytes, stream }: EvidenceFile): Response {
	return c.body(stream(), 200, { "content-type": "application/octet-stream", "content-length": String(bytes) });
}
