// Receipts over HTTP: list, show, verify.

import type { Hex } from "@openledger/protocol";
import { Hono } from "hono";
import { listReceipts, showReceipt } from "../inference/showReceipt.js";
import { verifyReceipt } from "../inference/verifyReceipt.js";
import type { NodeParts } from "../parts.js";
import { json } from "./json.js";

export function receiptRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.get("/receipts", async (c) => json(c, { receipts: await listReceipts(parts) }));
	app.get("/receipts/:id", async (c) => json(c, await showReceipt(parts, c.req.param("id") as Hex)));
	app.post("/receipts/:id/verify", async (c) => json(c, await verifyReceipt(parts, c.req.param("id") as Hex)));
	return app;
}
