// Models over HTTP: train as a job, list, show, check, replay, export.

import { recipeFields } from "@openledger/factory";
import { Hono } from "hono";
import { z } from "zod";
import { findDatanet } from "../datanet/readDatanets.js";
import { takeSnapshot } from "../datanet/takeSnapshot.js";
import { errorText } from "../errors.js";
import { checkCommitments } from "../model/checkCommitments.js";
import { estimateTraining, keepAsked } from "../model/estimateTraining.js";
import { readCurve } from "../model/readCurve.js";
import { readLineage } from "../model/readLineage.js";
import { listReceiptsOf } from "../model/readModelReceipts.js";
import { findModel, listModels, modelFile, showModel } from "../model/readModels.js";
import { queueReplay } from "../model/replay/queueReplay.js";
import { listReplays, readReplay } from "../model/replay/readReplays.js";
import { runReplay, stopReplay } from "../model/replay/runReplay.js";
import { snapshotOf } from "../model/trainingInput.js";
import { isStopped, queueTraining, runTraining } from "../model/trainModel.js";
import type { NodeParts } from "../parts.js";
import { json, readBody } from "./json.js";
import { readPage } from "./paging.js";

const recipe = z.record(z.string().max(100), z.unknown()).optional();
const version = z.number().int().min(1).max(1_000_000).optional();
const training = z.strictObject({
	datanet: z.string(),
	name: z.string(),
	recipe,
	/** Version of the datanet; a new one is taken of the rows accepted now unless it is said. */
	snapshot: version,
});
const estimation = z.strictObject({ datanet: z.string(), snapshot: version, recipe });
const step = z.number().int().min(0).max(10_000_000).optional();
const replaying = z.strictObject({ fromStep: step, toStep: step });

export function modelRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.post("/models", async (c) => {
		const { datanet, name, recipe, snapshot } = await readBody(c, training);
		const { id } = await findDatanet(parts, datanet);
		if (snapshot !== undefined) await snapshotOf(parts, { datanetId: id, snapshotVersion: snapshot });
		const snapshotVersion = snapshot ?? (await takeSnapshot(parts, id)).version;
		const { jobId } = await queueTraining(parts, { datanetId: id, snapshotVersion, name, recipe });
		// The job's row tells how it ends; the answer does not wait for it.
		runTraining(parts, jobId).catch((error) => {
			if (!isStopped(error)) parts.log(`training ${jobId} failed: ${errorText(error)}`);
		});
		return json(c, { jobId }, 202);
	});
	app.post("/models/estimates", async (c) => {
		const { datanet, snapshot: snapshotVersion, recipe } = await readBody(c, estimation);
		const { id: datanetId } = await findDatanet(parts, datanet);
		const wanted = { datanetId, snapshotVersion, recipe };
		const estimate = await estimateTraining(parts, wanted);
		await keepAsked(parts, wanted, estimate);
		return json(c, estimate);
	});
	app.get("/recipes/fields", (c) => json(c, { fields: recipeFields() }));
	app.get("/models", async (c) => json(c, { models: await listModels(parts) }));
	app.get("/models/:id", async (c) => json(c, await showModel(parts, c.req.param("id"))));
	app.get("/models/:id/lineage", async (c) => {
		const { id } = await findModel(parts, c.req.param("id"));
		return json(c, await parts.heavy(`lineage ${id}`, () => readLineage(parts, id)));
	});
	app.get("/models/:id/commitments", async (c) => {
		const { id } = await findModel(parts, c.req.param("id"));
		return json(c, await parts.heavy(`commitments ${id}`, () => checkCommitments(parts, id)));
	});
	app.get("/models/:id/curve", async (c) => {
		const { runFolder } = await findModel(parts, c.req.param("id"));
		return json(c, await readCurve(parts, runFolder));
	});
	app.get("/models/:id/receipts", async (c) => {
		const { id } = await findModel(parts, c.req.param("id"));
		return json(c, await listReceiptsOf(parts, id, readPage(c)));
	});
	app.get("/models/:id/replays", async (c) => {
		const { id } = await findModel(parts, c.req.param("id"));
		return json(c, { replays: await listReplays(parts, id) });
	});
	app.post("/models/:id/replays", async (c) => {
		const { replayId } = await queueReplay(parts, { model: c.req.param("id"), ...(await readBody(c, replaying)) });
		runReplay(parts, replayId).catch((error) => {
			if (!parts.closing.aborted) parts.log(`replay ${replayId} failed: ${errorText(error)}`);
		});
		return json(c, { replayId }, 202);
	});
	app.get("/replays/:id", async (c) => json(c, await readReplay(parts, c.req.param("id"))));
	app.post("/replays/:id/stop", async (c) => {
		await stopReplay(parts, c.req.param("id"));
		return json(c, await readReplay(parts, c.req.param("id")));
	});
	app.get("/models/:id/files/:name", async (c) => {
		const name = c.req.param("name");
		const bytes = await modelFile(parts, c.req.param("id"), name);
		const type = name.endsWith(".json") ? "application/json" : "application/octet-stream";
		return c.body(new Uint8Array(bytes).buffer, 200, {
			"content-type": type,
			"content-disposition": `attachment; filename="${name}"`,
		});
	});
	return app;
}
