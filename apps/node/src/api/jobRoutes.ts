// Training jobs over HTTP: this node's own (list, look, stop, go on), and those on chain (post one, list them, look at one).

import { Hono } from "hono";
import { z } from "zod";
import { cancelTrainingJob } from "../compute/cancelTrainingJob.js";
import { postTrainingJob } from "../compute/postTrainingJob.js";
import { listTrainingJobs, showTrainingJob } from "../compute/readTrainingJobs.js";
import { findDatanet } from "../datanet/readDatanets.js";
import { takeSnapshot } from "../datanet/takeSnapshot.js";
import { errorText } from "../errors.js";
import { readLines } from "../model/jobLog.js";
import { readCurve } from "../model/readCurve.js";
import { listJobs, readJob } from "../model/readJobs.js";
import { stopTraining } from "../model/stopTraining.js";
import { isStopped, requeueTraining, runTraining } from "../model/trainModel.js";
import type { NodeParts } from "../parts.js";
import { json, readBody } from "./json.js";
import { readPage } from "./paging.js";

const wei = z.string().regex(/^\d{1,30}$/, "wei as decimal digits");
const posting = z.strictObject({
	datanet: z.string(),
	recipe: z.record(z.string(), z.unknown()).optional(),
	payWei: wei,
	stakeWei: wei.optional(),
	trainSeconds: z.number().int().min(1).max(1_209_600).optional(),
	label: z.string().max(100).optional(),
});

export function jobRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.get("/jobs", async (c) => json(c, await listJobs(parts, readPage(c))));
	app.get("/jobs/:id", async (c) => json(c, await readJob(parts, c.req.param("id"))));
	app.get("/jobs/:id/curve", async (c) => {
		const { start } = await readJob(parts, c.req.param("id"));
		return json(c, await readCurve(parts, start.slice(2)));
	});
	app.get("/jobs/:id/lines", async (c) => {
		const { id } = await readJob(parts, c.req.param("id"));
		return json(c, { lines: await readLines(parts, id, readPage(c, { most: 500, usual: 100 })) });
	});
	app.post("/jobs/:id/stop", async (c) => json(c, await stopTraining(parts, c.req.param("id"))));
	app.post("/jobs/:id/resume", async (c) => {
		const { id } = await readJob(parts, c.req.param("id"));
		if (await requeueTraining(parts, id)) {
			runTraining(parts, id).catch((error) => {
				if (!isStopped(error)) parts.log(`training ${id} failed: ${errorText(error)}`);
			});
		}
		return json(c, await readJob(parts, id), 202);
	});
	app.post("/training-jobs", async (c) => {
		const { datanet, payWei, stakeWei, ...rest } = await readBody(c, posting);
		const { id: datanetId } = await findDatanet(parts, datanet);
		const snapshot = await takeSnapshot(parts, datanetId);
		const wanted = { ...rest, datanetId, snapshot, payWei: BigInt(payWei) };
		return json(c, await postTrainingJob(parts, { ...wanted, ...(stakeWei && { stakeWei: BigInt(stakeWei) }) }));
	});
	app.get("/training-jobs", async (c) => json(c, await listTrainingJobs(parts)));
	app.get("/training-jobs/:id", async (c) => json(c, await showTrainingJob(parts, c.req.param("id"))));
	app.post("/training-jobs/:id/cancel", async (c) => json(c, await cancelTrainingJob(parts, c.req.param("id"))));
	return app;
}
