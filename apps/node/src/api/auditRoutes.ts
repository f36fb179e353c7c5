// Audits over HTTP: what one costs, begin it, watch it, stop it, read it.

import { Hono } from "hono";
import { z } from "zod";
import { AUDIT_METHODS, prepareAudit } from "../audit/auditInput.js";
import { estimateAudit } from "../audit/estimateAudit.js";
import { queueAudit } from "../audit/queueAudit.js";
import { listAudits, showAudit } from "../audit/readAudits.js";
import { runAudit } from "../audit/runAudit.js";
import { stopAudit } from "../audit/stopAudit.js";
import { errorText } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { json, readBody } from "./json.js";

const wanted = z.strictObject({
	id: z.string().min(1).max(200),
	method: z.enum(AUDIT_METHODS),
	queries: z.array(z.strictObject({ prompt: z.string(), response: z.string() })).optional(),
	contributors: z.array(z.string().max(100)).min(1).max(10_000).optional(),
	/** Only say what it costs. */
	estimate: z.boolean().optional(),
});

export function auditRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.post("/audits", async (c) => {
		const { estimate: only = false, ...asked } = await readBody(c, wanted);
		const prepared = await prepareAudit(parts, asked);
		const estimate = await estimateAudit(parts, prepared);
		if (only) return json(c, { auditId: prepared.id, status: null, estimate });
		const queued = await queueAudit(parts, prepared);
		// The audit's row tells how it ends; the answer does not wait for it.
		runAudit(parts, queued.auditId).catch((error) => {
			if (!parts.closing.aborted) parts.log(`audit ${queued.auditId} failed: ${errorText(error)}`);
		});
		return json(c, { ...queued, estimate }, 202);
	});
	app.post("/audits/:id/stop", async (c) => json(c, await stopAudit(parts, c.req.param("id"))));
	app.get("/audits", async (c) => json(c, { audits: await listAudits(parts) }));
	app.get("/audits/:id", async (c) => json(c, await showAudit(parts, c.req.param("id"))));
	return app;
}
