// Datanets over HTTP: create, list, contribute, snapshot.

import { Hono } from "hono";
import { z } from "zod";
import { contributeFile } from "../datanet/contribute.js";
import { createDatanet } from "../datanet/createDatanet.js";
import { eraseRow, listRows } from "../datanet/eraseRow.js";
import { makeCard } from "../datanet/makeCard.js";
import { findDatanet, listDatanets, showDatanet } from "../datanet/readDatanets.js";
import { takeSnapshot } from "../datanet/takeSnapshot.js";
import type { NodeParts } from "../parts.js";
import { json, readBody } from "./json.js";

/** At most 2^96, which is more than there is. */
const weiText = z.string().regex(/^\d{1,28}$/);
const creation = z.strictObject({
	name: z.string(),
	licence: z.string().optional(),
	terms: z.string().max(100_000).optional(),
	contentType: z.string().optional(),
	/** JSON schema that each row must satisfy. */
	rowSchema: z.record(z.string(), z.unknown()).optional(),
	/** Wei, as text. */
	stakePerRowWei: weiText.optional(),
	accessPriceWei: weiText.optional(),
	rule: z.enum(["owner", "committee", "open"]).optional(),
});
const erasure = z.strictObject({ row: z.string().max(66), reason: z.string().max(40).optional() });
const contribution = z.strictObject({
	contributor: z.string(),
	format: z.enum(["jsonl", "csv", "markdown", "text"]),
	content: z.string(),
	/** base64 carries a file that is not UTF-8, so that its bad lines are named instead of the file refused. */
	encoding: z.enum(["utf8", "base64"]).default("utf8"),
});

export function datanetRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.get("/datanets", async (c) => json(c, { datanets: await listDatanets(parts) }));
	app.post("/datanets", async (c) => {
		const { stakePerRowWei: stake, accessPriceWei: price, ...terms } = await readBody(c, creation);
		const amounts = {
			...(stake !== undefined && { stakePerRowWei: BigInt(stake) }),
			...(price !== undefined && { accessPriceWei: BigInt(price) }),
		};
		const { id } = await createDatanet(parts, { ...terms, ...amounts });
		return json(c, await showDatanet(parts, id), 201);
	});
	app.get("/datanets/:id", async (c) => {
		const { id } = await findDatanet(parts, c.req.param("id"));
		return json(c, await showDatanet(parts, id));
	});
	app.get("/datanets/:id/card", async (c) => {
		const { id } = await findDatanet(parts, c.req.param("id"));
		return json(c, await makeCard(parts, id));
	});
	app.get("/datanets/:id/rows", async (c) => {
		const { id } = await findDatanet(parts, c.req.param("id"));
		return json(c, { rows: await listRows(parts, id) });
	});
	app.post("/datanets/:id/erasures", async (c) => {
		const { id } = await findDatanet(parts, c.req.param("id"));
		return json(c, await eraseRow(parts, { datanetId: id, ...(await readBody(c, erasure)) }), 201);
	});
	app.post("/datanets/:id/contributions", async (c) => {
		const { id } = await findDatanet(parts, c.req.param("id"));
		const { contributor, format, content: text, encoding } = await readBody(c, contribution);
		const content = encoding === "base64" ? Buffer.from(text, "base64") : text;
		return json(c, await contributeFile(parts, { datanetId: id, contributor, format, content }), 201);
	});
	app.post("/datanets/:id/snapshots", async (c) => {
		const { id } = await findDatanet(parts, c.req.param("id"));
		const { version, root, rowCount } = await takeSnapshot(parts, id);
		return json(c, { version, root, rowCount }, 201);
	});
	return app;
}
