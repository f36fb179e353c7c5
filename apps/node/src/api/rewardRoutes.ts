// Settlement over HTTP: close an epoch, see and claim rewards.

import { Hono } from "hono";
import { z } from "zod";
import type { NodeParts } from "../parts.js";
import { claimRewards } from "../settlement/claimRewards.js";
import { closeEpoch } from "../settlement/closeEpoch.js";
import { countUnsettled, listOpenEpochs, listRewards, sumRewards } from "../settlement/listRewards.js";
import { json, readBody } from "./json.js";
import { numberOf } from "./params.js";

const claim = z.strictObject({ contributor: z.string().optional() });

export function rewardRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.post("/epochs/close", async (c) => json(c, { closed: (await closeEpoch(parts)) ?? null }));
	app.get("/rewards", async (c) =>
		json(c, {
			rewards: await listRewards(parts, numberOf(c, "limit", 1, 1000)),
			sums: await sumRewards(parts),
			unsettledAnswers: await countUnsettled(parts),
			openEpochs: await listOpenEpochs(parts),
		}),
	);
	app.post("/rewards/claim", async (c) => {
		const { contributor } = await readBody(c, claim);
		return json(c, { claimed: await claimRewards(parts, contributor) });
	});
	return app;
}
