// Adapters put in and taken out while the server runs: vLLM's two endpoints, and a list and pins beside them. For the operator alone.
// Which folders may be read is the backend's to say.

import type { Hono } from "hono";
import { z } from "zod";
import type { AdapterAdmin } from "../backend/backend.js";
import { ApiError } from "../errors.js";
import { readBody } from "../request/readBody.js";
import { MODEL_CHARS, unsupported, wellFormed } from "../request/sharedFields.js";
import { requireAdmin } from "./authorise.js";
import { shownModel } from "./modelRoutes.js";
import { readBytes } from "./readBytes.js";
import { findModel, type RouteEnv, type ServerContext } from "./serverContext.js";

const BODY_BYTES = 16 * 1024;

const name = z
	.string()
	.min(1)
	.max(MODEL_CHARS)
	.refine((text) => wellFormed(text) && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text), "must have no control characters");
const loadBody = z.strictObject({
	lora_name: name,
	lora_path: z
		.string()
		.min(1)
		.max(4096)
		.refine((text) => !text.includes("\0"), "must be a path"),
	load_inplace: z.boolean().nullish(),
	pinned: z.boolean().nullish(),
	is_3d_lora_weight: z.literal(false, "is not supported; leave it out").nullish(),
	base_model_name: unsupported(),
});
const unloadBody = z.strictObject({ lora_name: name, lora_int_id: z.int().nullish() });
const pinBody = z.strictObject({ name, pinned: z.boolean() });

export function adapterRoutes(app: Hono<RouteEnv>, server: ServerContext): void {
	const { backend, adminHash } = server;

	function admin(authorization: string | undefined): AdapterAdmin {
		requireAdmin(adminHash, authorization ?? null);
		if (backend.adapters !== undefined) return backend.adapters;
		throw new ApiError(400, "unsupported_by_backend", "this backend cannot change its adapters while it runs");
	}

	app.post("/v1/load_lora_adapter", async (c) => {
		const adapters = admin(c.req.header("authorization"));
		const body = readBody(await readBytes(c.req.raw, BODY_BYTES), loadBody);
		const { lora_name, lora_path, load_inplace, pinned } = body;
		if (load_inplace !== true && findModel(backend, lora_name) !== undefined) {
			const message = `lora_name: ${JSON.stringify(lora_name)} is loaded already; send load_inplace: true to replace it`;
			throw new ApiError(400, "adapter_loaded", message, { param: "lora_name" });
		}
		await adapters.load({ name: lora_name, path: lora_path, ...(pinned != null && { pinned }) });
		return c.text(`Success: LoRA adapter '${lora_name}' added successfully.`);
	});
	app.post("/v1/unload_lora_adapter", async (c) => {
		const adapters = admin(c.req.header("authorization"));
		const { lora_name } = readBody(await readBytes(c.req.raw, BODY_BYTES), unloadBody);
		await adapters.unload(lora_name);
		return c.text(`Success: LoRA adapter '${lora_name}' removed successfully.`);
	});
	app.get("/v1/openledger/adapters", (c) => {
		const listed = admin(c.req.header("authorization")).list();
		return c.json({
			object: "list",
			data: listed.map((model) => ({ ...shownModel(model), path: model.path ?? null })),
		});
	});
	app.post("/v1/openledger/adapters/pin", async (c) => {
		const adapters = admin(c.req.header("authorization"));
		const { name, pinned } = readBody(await readBytes(c.req.raw, BODY_BYTES), pinBody);
		return c.json(shownModel(await adapters.pin(name, pinned)));
	});
}
