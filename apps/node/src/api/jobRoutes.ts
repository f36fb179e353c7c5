// Training jobs on chain over HTTP: post one, list them, look at one.

import { Hono } from "hono";
import { z } from "zod";
import { postTrainingJob } from "../compute/postTrainingJob.js";
import { listTrainingJobs, showTrainingJob } from "../compute/readTrainingJobs.js";
import { findDatanet } from "../datanet/readDatanets.js";
import { takeSnapshot } from "../datanet/takeSnapshot.js";
import type { NodeParts } from "../parts.js";
import { json, readBody } from "./json.js";

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
	app.post("/training-jobs", async (c) => {
		const { datanet, payWei, stakeWei, ...rest } = await readBody(c, posting);
		const { id: datanetId } = await findDatanet(parts, datanet);
		const snapshot = await takeSnapshot(parts, datanetId);
		const wanted = { ...rest, datanetId, snapshot, payWei: BigInt(payWei) };
		return json(c, await postTrainingJob(parts, { ...wanted, ...(stakeWei && { stakeWei: BigInt(stakeWei) }) }));
	});
	app.get("/training-jobs", async (c) => json(c, { jobs: await listTrainingJobs(parts) }));
	app.get("/training-jobs/:id", async (c) => json(c, await showTrainingJob(parts, c.req.param("id"))));
	return app;
}
