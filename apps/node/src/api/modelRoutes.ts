// Models over HTTP: train as a job, list, show, export.

import { Hono } from "hono";
import { z } from "zod";
import { findDatanet } from "../datanet/readDatanets.js";
import { takeSnapshot } from "../datanet/takeSnapshot.js";
import { errorText } from "../errors.js";
import { listModels, modelFile, showModel } from "../model/readModels.js";
import { queueTraining, readJob, runTraining } from "../model/trainModel.js";
import type { NodeParts } from "../parts.js";
import { json, readBody } from "./json.js";

const training = z.strictObject({
	datanet: z.string(),
	name: z.string(),
	recipe: z.record(z.string(), z.unknown()).optional(),
});

export function modelRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.post("/models", async (c) => {
		const { datanet, name, recipe } = await readBody(c, training);
		const { id } = await findDatanet(parts, datanet);
		const { version } = await takeSnapshot(parts, id);
		const { jobId } = await queueTraining(parts, { datanetId: id, snapshotVersion: version, name, recipe });
		// The job's row tells how it ends; the answer does not wait for it.
		runTraining(parts, jobId).catch((error) => parts.log(`training ${jobId} failed: ${errorText(error)}`));
		return json(c, { jobId }, 202);
	});
	app.get("/jobs/:id", async (c) => json(c, await readJob(parts, c.req.param("id"))));
	app.get("/models", async (c) => json(c, { models: await listModels(parts) }));
	app.get("/models/:id", async (c) => json(c, await showModel(parts, c.req.param("id"))));
	app.get("/models/:id/files/:name", async (c) => {
		const bytes = await modelFile(parts, c.req.param("id"), c.req.param("name"));
		return c.body(new Uint8Array(bytes).buffer, 200, { "content-type": "application/octet-stream" });
	});
	return app;
}
