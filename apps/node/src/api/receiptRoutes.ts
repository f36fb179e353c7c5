// Receipts over HTTP: list, show, verify, and what a verifier elsewhere asks of this node.

import { commitmentJson, MAX_CHALLENGED, spotProofJson } from "@openledger/attribution";
import type { Hex } from "@openledger/protocol";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { listReceipts, MOST_LISTED } from "../inference/listReceipts.js";
import { showReceipt } from "../inference/showReceipt.js";
import { showSettlement } from "../inference/showSettlement.js";
import { proveScores } from "../inference/verify/proveScores.js";
import { verifyReceipt } from "../inference/verifyReceipt.js";
import type { NodeParts } from "../parts.js";
import { readSpanProof } from "../spans/readSpanProof.js";
import { json, readBody, readQuery } from "./json.js";

const nonce = z
	.string()
	.regex(/^0x[0-9a-f]{64}$/, "must be 0x and 64 hex digits")
	.transform((text) => text as Hex);
const count = z.number().int().min(0).max(MAX_CHALLENGED);
const named = z.array(z.number().int().min(0)).max(64);

const verification = z.strictObject({
	mode: z.enum(["full", "spot"]).optional(),
	/** Rows drawn evenly, whose features are made again. */
	rows: z.union([count, z.literal("all")]).optional(),
	weighted: count.optional(),
	named: named.optional(),
	nonce: nonce.optional(),
});
const page = z.object({
	limit: z.coerce.number().int().min(1).max(MOST_LISTED).optional(),
	before: z.coerce.number().int().min(0).optional(),
	modelId: z
		.string()
		.regex(/^0x[0-9a-f]{64}$/, "must be 0x and 64 hex digits")
		.transform((text) => text as Hex)
		.optional(),
	payer: z
		.string()
		.regex(/^0x[0-9a-fA-F]{40}$/, "must be an address")
		.transform((text) => text as Hex)
		.optional(),
});
const challenge = z.strictObject({ nonce, even: count, weighted: count, named });

export function receiptRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	const proverOf = (c: Context) => {
		const id = c.req.param("id") as Hex;
		return parts.heavy(`scores ${id}`, () => proveScores(parts, id));
	};
	app.get("/receipts", async (c) => json(c, await listReceipts(parts, readQuery(c, page))));
	app.get("/receipts/:id", async (c) => json(c, await showReceipt(parts, c.req.param("id") as Hex)));
	app.get("/receipts/:id/settlement", async (c) => json(c, await showSettlement(parts, c.req.param("id") as Hex)));
	app.post("/receipts/:id/verify", async (c) => {
		const options = await readBody(c, verification);
		return json(c, await verifyReceipt(parts, c.req.param("id") as Hex, options));
	});
	// The commitment comes first: whoever draws a challenge from it draws what this node could not know.
	app.get("/receipts/:id/scores", async (c) => {
		const { commitment } = await proverOf(c);
		return json(c, commitmentJson(commitment));
	});
	app.post("/receipts/:id/scores", async (c) => {
		const asked = await readBody(c, challenge);
		const prover = await proverOf(c);
		return json(c, spotProofJson(prover.answer(asked)));
	});
	app.get("/receipts/:id/spans", async (c) => {
		const id = c.req.param("id") as Hex;
		return json(c, await parts.heavy(`spans ${id}`, () => readSpanProof(parts, id)));
	});
	return app;
}
