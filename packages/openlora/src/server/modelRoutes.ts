// Which models there are, as OpenAI and vLLM list them. Reads only.

import type { Hono } from "hono";
import type { ServedModel } from "../backend/backend.js";
import { ApiError } from "../errors.js";
import { authorise } from "./authorise.js";
import { addressOf, findModel, type RouteEnv, type ServerContext } from "./serverContext.js";

export function modelRoutes(app: Hono<RouteEnv>, server: ServerContext): void {
	app.use("/v1/models/*", async (c, next) => {
		c.get("fields").tenant = authorise(server.auth, c.req.header("authorization") ?? null, addressOf(c)).tenant;
		await next();
	});
	app.get("/v1/models", (c) => c.json({ object: "list", data: server.backend.models().map(shownModel) }));
	// Names may hold slashes, as Hugging Face's do.
	app.get("/v1/models/:id{.+}", (c) => {
		const id = c.req.param("id");
		const found = findModel(server.backend, id);
		if (found !== undefined) return c.json(shownModel(found));
		const message = `there is no model ${JSON.stringify(id.slice(0, 128))}; see /v1/models`;
		throw new ApiError(404, "model_not_found", message, { type: "not_found_error", param: "model" });
	});
}

/** Where it lies on disk is nobody's business; what it is and whether it is at hand is. */
export function shownModel(model: ServedModel) {
	const { id, parent, digest, created, owner, contextTokens, state, pinned, bytes, rank } = model;
	return {
		id,
		object: "model",
		created,
		owned_by: owner,
		root: parent ?? id,
		parent: parent ?? null,
		...(contextTokens !== undefined && { max_model_len: contextTokens }),
		openledger: {
			digest: digest ?? null,
			served: model.served ?? parent !== undefined,
			...(state !== undefined && { state }),
			...(pinned !== undefined && { pinned }),
			...(bytes !== undefined && { bytes }),
			...(rank !== undefined && { rank }),
		},
	};
}
