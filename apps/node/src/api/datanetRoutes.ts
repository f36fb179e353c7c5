// Datanets over HTTP: create, list, look into, contribute, review, snapshot.

import { type Address, CallerError, checkAddress, type Hex } from "@openledger/protocol";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { contributeFile } from "../datanet/contribute.js";
import { createDatanet } from "../datanet/createDatanet.js";
import { draftContribution, listDrafts, readDraft } from "../datanet/draftContribution.js";
import { eraseRow } from "../datanet/eraseRow.js";
import { examineFile } from "../datanet/examineFile.js";
import { takeOffer } from "../datanet/followOffers.js";
import { listRows } from "../datanet/listRows.js";
import { makeCard } from "../datanet/makeCard.js";
import { listContributions, listContributors, listReviews, showContribution } from "../datanet/readContributions.js";
import { findDatanet, listDatanets, showDatanet } from "../datanet/readDatanets.js";
import { readQuality } from "../datanet/readQuality.js";
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
const file = {
	format: z.enum(["jsonl", "csv", "markdown", "text"]),
	content: z.string(),
	/** base64 carries a file that is not UTF-8, so that its bad lines are named instead of the file refused. */
	encoding: z.enum(["utf8", "base64"]).default("utf8"),
};
const contribution = z.strictObject({ contributor: z.string(), ...file });
/** Left out: rows may name anybody. */
const examination = z.strictObject({ contributor: z.string().optional(), ...file });
const MAX_PAGE = 200;
const DEFAULT_PAGE = 50;
const rowsQuery = z.object({
	search: z.string().max(200).optional(),
	contributor: z.string().max(64).optional(),
	contribution: z.string().max(66).optional(),
	limit: z.coerce.number().int().min(1).max(500).optional(),
	before: z.coerce.number().int().min(0).max(2_147_483_647).optional(),
});
const datanetsQuery = z.object({
	search: z.string().trim().max(200).optional(),
	order: z.enum(["name", "activity", "rows", "contributors"]).optional(),
	limit: z.coerce.number().int().min(1).max(500).default(100),
	from: z.coerce.number().int().min(0).max(1_000_000).default(0),
});
const pageQuery = z.object({
	limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
	from: z.coerce.number().int().min(0).max(1_000_000_000).default(0),
});

export function datanetRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	const asked = (c: Context) => findDatanet(parts, c.req.param("id")!);
	app.get("/datanets", async (c) => json(c, await listDatanets(parts, readQuery(c, datanetsQuery))));
	app.post("/datanets", async (c) => {
		const { stakePerRowWei: stake, accessPriceWei: price, ...terms } = await readBody(c, creation);
		const amounts = {
			...(stake !== undefined && { stakePerRowWei: BigInt(stake) }),
			...(price !== undefined && { accessPriceWei: BigInt(price) }),
		};
		const { id } = await createDatanet(parts, { ...terms, ...amounts });
		return json(c, await showDatanet(parts, id), 201);
	});
	app.get("/datanets/:id", async (c) => json(c, await showDatanet(parts, (await asked(c)).id)));
	app.get("/datanets/:id/card", async (c) => {
		const { id } = await asked(c);
		return json(c, await parts.heavy(`card ${id}`, () => makeCard(parts, id)));
	});
	app.get("/datanets/:id/quality", async (c) => {
		const { id } = await asked(c);
		return json(c, await parts.heavy(`quality ${id}`, () => readQuality(parts, id)));
	});
	app.get("/datanets/:id/rows", async (c) => {
		const { contribution: contributionId, ...options } = readQuery(c, rowsQuery);
		const of = contributionId === undefined ? {} : { contributionId: contributionId.toLowerCase() as Hex };
		const { id } = await asked(c);
		const wanted = { ...options, ...of };
		const read = () => listRows(parts, id, wanted);
		// A search opens thousands of rows.
		const isSearch = (wanted.search ?? "") !== "";
		return json(c, await (isSearch ? parts.heavy(`rows ${id} ${JSON.stringify(wanted)}`, read) : read()));
	});
	app.get("/datanets/:id/contributors", async (c) =>
		json(c, await listContributors(parts, (await asked(c)).id, readQuery(c, pageQuery))),
	);
	app.get("/datanets/:id/contributions", async (c) =>
		json(c, await listContributions(parts, (await asked(c)).id, readQuery(c, pageQuery))),
	);
	app.get("/datanets/:id/reviews", async (c) =>
		json(c, await listReviews(parts, (await asked(c)).id, readQuery(c, pageQuery))),
	);
	app.get("/reviews", async (c) => json(c, await listReviews(parts, undefined, readQuery(c, pageQuery))));
	app.get("/contributions/:id{0x[0-9a-fA-F]+}", async (c) => {
		const account = c.req.query("account");
		const id = c.req.param("id").toLowerCase() as Hex;
		return json(c, await showContribution(parts, id, account === undefined ? undefined : addressOf(account)));
	});
	app.post("/datanets/:id/erasures", async (c) => {
		const { id } = await asked(c);
		return json(c, await eraseRow(parts, { datanetId: id, ...(await readBody(c, erasure)) }), 201);
	});
	app.post("/datanets/:id/examinations", async (c) => {
		const { id } = await asked(c);
		return json(c, await examineFile(parts, { datanetId: id, ...fileOf(await readBody(c, examination)) }));
	});
	app.post("/datanets/:id/contributions", async (c) => {
		const { id } = await asked(c);
		return json(c, await contributeFile(parts, { datanetId: id, ...fileOf(await readBody(c, contribution)) }), 201);
	});
	app.get("/datanets/:id/drafts", async (c) => {
		const { id } = await asked(c);
		return json(c, { drafts: await listDrafts(parts, id, addressOf(c.req.query("contributor") ?? "")) });
	});
	app.post("/datanets/:id/drafts", async (c) => {
		const { id } = await asked(c);
		const { contributor, ...given } = fileOf(await readBody(c, contribution));
		return json(
			c,
			await draftContribution(parts, { ...given, datanetId: id, contributor: addressOf(contributor) }),
			201,
		);
	});
	// What is left to sign holds a secret: it is asked for with the token.
	app.post("/drafts/:id{0x[0-9a-fA-F]+}", async (c) =>
		json(c, await readDraft(parts, c.req.param("id").toLowerCase() as Hex)),
	);
	app.post("/drafts/:id{0x[0-9a-fA-F]+}/offered", async (c) => {
		const id = c.req.param("id").toLowerCase() as Hex;
		const status = await takeOffer(parts, id);
		if (status === "waiting") return json(c, { status });
		const { onChain: _, ...known } = await showContribution(parts, id, undefined);
		return json(c, { ...known, contribution: known.status, status });
	});
	app.post("/datanets/:id/snapshots", async (c) => {
		const { version, root, rowCount } = await takeSnapshot(parts, (await asked(c)).id);
		return json(c, { version, root, rowCount }, 201);
	});
	return app;
}

type GivenFile = { readonly content: string; readonly encoding: "utf8" | "base64" };

function fileOf<given extends GivenFile>({ content, encoding, ...rest }: given) {
	return { ...rest, content: encoding === "base64" ? Buffer.from(content, "base64") : content };
}

/** Throws `api/bad-query` naming the first parameter at fault. */
function readQuery<schema extends z.ZodType>(c: Context, schema: schema): z.infer<schema> {
	const parsed = schema.safeParse(c.req.query());
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0]!;
	throw new CallerError(`?${issue.path.join(".")}: ${issue.message}`, { code: "api/bad-query" });
}

function addressOf(text: string): Address {
	try {
		return checkAddress(text.toLowerCase() as Address, "address");
	} catch (cause) {
		throw new CallerError(`${JSON.stringify(text.slice(0, 64))} is no address; it is 0x and 40 hex digits`, {
			code: "wallet/bad-address",
			cause,
		});
	}
}
