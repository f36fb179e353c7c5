// Rows from their offer to their end, on a real chain: of a wallet that the node has no key of, which alone offers them, while the node
// believes the chain and not the page, and is killed on the way; and erased ones, of which nothing is left on disk.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
	contributeRows,
	readDatanet,
	readIsErased,
	readIsStale,
	readContribution as readOnChain,
} from "@openledger/chain";
import { bytesToHex, contributionCommitment, type Hex, recoverTombstoneSigner } from "@openledger/protocol";
import { and, eq } from "drizzle-orm";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { contributionDrafts, contributions, rows } from "../database/schema.js";
import { checkRows } from "../inference/checkRows.js";
import { contributeAll } from "../mainJob/contributeAll.js";
import { type OpenNode, openNode } from "../openNode.js";
import { deliveryOf, OFFER_STEPS } from "../testing/killedOffers.js";
import { type SmallWorld, smallData, smallWorld } from "../testing/smallWorld.js";
import { contributeFile } from "./contribute.js";
import { eraseRow, finishErasures } from "./eraseRow.js";
import { listRows } from "./listRows.js";
import { findDatanet } from "./readDatanets.js";
import { readSnapshotRows, takeSnapshot } from "./takeSnapshot.js";

const privateKey = bytesToHex(randomBytes(32));
const wallet = privateKeyToAccount(privateKey);
const contributor = wallet.address.toLowerCase();
let world: SmallWorld;
let node: OpenNode;
let url: string;
let token: string;

beforeAll(async () => {
	world = await smallWorld();
	const { log: _, ...config } = world.config;
	const file = inject("programs")["apps/node/src/testing/killedOffers.ts"];
	const child = spawn(process.execPath, [file, JSON.stringify(config), privateKey], {
		stdio: ["ignore", "ignore", "inherit"],
	});
	expect(await new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal)))).toBe("SIGKILL");
	node = await openNode(world.config);
	({ url } = await node.serve());
	token = readFileSync(join(world.config.home, "admin-token"), "utf8");
}, 240_000);
afterAll(async () => {
	await node?.close();
	world?.remove();
});

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field
type Answer = any;
async function ask(path: string, body?: unknown): Promise<Answer> {
	const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
	const init = body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) };
	return (await (await fetch(`${url}/api${path}`, init)).json()) as Answer;
}
const drafted = (content: string, datanet = "gates") =>
	ask(`/datanets/${datanet}/drafts`, { contributor: wallet.address, format: "jsonl", content });
const offer = async (draft: Answer, rowCount = draft.rowCount as number) => {
	const { datanetId, rowsRoot, salt } = draft as Record<"datanetId" | "rowsRoot" | "salt", Hex>;
	await contributeRows(node.parts.ledger, wallet, { datanetId, rowsRoot, rowCount, salt });
};
const row = (prompt: string, response: string) => JSON.stringify({ prompt, response });
const kept = async () => {
	const { db } = node.parts;
	const tables = await Promise.all([db.select().from(contributions), db.select().from(rows)]);
	return tables.map(({ length }) => length);
};

test("default: whatever step the node was killed at, the chain decides, and nothing is lost or done twice", async () => {
	const drafts: Record<string, Answer> = {};
	for (const step of OFFER_STEPS) drafts[step] = await drafted(deliveryOf(step));
	const ids = OFFER_STEPS.map((step) => drafts[step].contributionId as Hex);
	// Nobody tells the node: it looks by itself.
	await vi.waitFor(
		async () => {
			const found = await Promise.all(ids.map((id) => ask(`/contributions/${id}`)));
			expect(found.map(({ status, error }) => status ?? error?.code)).toEqual([
				"contribution/not-found",
				"contribution/not-found",
				"accepted",
				"accepted",
			]);
		},
		{ timeout: 30_000, interval: 200 },
	);
	expect(await ask(`/drafts/${ids[0]}/offered`, {})).toEqual({ status: "waiting" });
	const { drafts: listed } = await ask(`/datanets/gates/drafts?contributor=${contributor}`);
	expect(listed).toHaveLength(2);
	expect(listed[0]).toEqual({
		...{ contributionId: expect.stringMatching(/^0x/), rowCount: expect.any(Number) },
		...{ rejected: expect.any(Number), expiresAt: expect.any(Number) },
	});
	for (const step of ["drafted", "committed"]) {
		await offer(drafts[step]);
		const told = { status: "contributed", contribution: "accepted", contributor, acceptedRows: 2 };
		expect(await ask(`/drafts/${drafts[step].contributionId}/offered`, {})).toMatchObject(told);
		expect(await ask(`/drafts/${drafts[step].contributionId}/offered`, {})).toMatchObject(told);
	}
	expect(await kept()).toEqual([4, 8]);
	expect(await node.parts.db.select().from(contributionDrafts)).toEqual([]);
	const stakes = await Promise.all(ids.map((id) => readOnChain(node.parts.ledger, id)));
	expect(stakes.map((one) => [one?.status, one?.contributor.toLowerCase()])).toEqual(
		ids.map(() => ["accepted", contributor]),
	);
	const [datanet] = (await ask("/datanets")).datanets;
	await takeSnapshot(node.parts, datanet.id);
	expect(await readDatanet(node.parts.ledger, datanet.id)).toMatchObject({ acceptedRows: 8n, latestVersion: 1 });
}, 60_000);

test("behavior: an examination tells every row's verdict and keeps nothing", async () => {
	const before = await kept();
	const content = [
		row("Who keeps the west gate?", "The west guard."),
		row("Who drafted the north gate?", "The north guard, drafted."),
		"{",
		JSON.stringify({ contributor: "bob", prompt: "Whose is this?", response: "Of bob." }),
		row("Whom do I ask?", "Write to maria.lopez@correo.pe"),
	].join("\n");
	const examined = await ask("/datanets/gates/examinations", { contributor, format: "jsonl", content });
	expect(examined).toMatchObject({ offered: 5, accepted: 1, rejected: 4 });
	expect(examined.rows.map((one: Answer) => [one.line, one.outcome, one.findings[0]?.code])).toEqual([
		[1, "accepted", undefined],
		[2, "rejected", "duplicate"],
		[3, "rejected", "bad-json"],
		[4, "rejected", "bad-contributor"],
		[5, "rejected", "personal-data"],
	]);
	expect(await kept()).toEqual(before);
	expect(await node.parts.db.select().from(contributionDrafts)).toEqual([]);
	expect((await drafted(deliveryOf("drafted"))).status).toBe("offered");
	expect((await drafted(row("Who drafted the north gate?", "The north guard, drafted."))).error?.code).toBe(
		"datanet/nothing-new",
	);
	expect((await ask("/datanets/gates/drafts", { contributor: "ada", format: "jsonl", content })).error?.code).toBe(
		"wallet/bad-address",
	);
});

test("behavior: an offer with another count than the draft's is not the draft's", async () => {
	const draft = await drafted(
		[row("Who rings the bell?", "The sexton."), row("Who lights it?", "The lamplighter.")].join("\n"),
	);
	expect(draft.commitment).toBe(contributionCommitment({ ...draft, contributor: contributor as Hex, rowCount: 2 }));
	await offer(draft, 1);
	expect((await ask(`/drafts/${draft.contributionId}/offered`, {})).error?.code).toBe("contribution/not-found");
	expect(world.lines.join("\n")).toContain("was offered with 1 rows, but has 2");
	expect(await readOnChain(node.parts.ledger, draft.contributionId)).toMatchObject({ status: "pending" });
});

test("behavior: under the committee's rule it waits for the jurors, in everybody's sight", async () => {
	await ask("/datanets", { name: "judged", rule: "committee", terms: "Be <b>kind</b>." });
	const draft = await drafted(row("Who mends the wall?", "The mason."), "judged");
	expect(BigInt(draft.costWei)).toBeGreaterThan(0n);
	await offer(draft);
	expect(await ask(`/drafts/${draft.contributionId}/offered`, {})).toMatchObject({ contribution: "offered" });
	expect((await ask("/reviews?limit=1")).reviews).toMatchObject([
		{ id: draft.contributionId, datanet: "judged", rule: "committee", onChain: { stage: "judged", status: "pending" } },
	]);
	const shown = await ask(`/contributions/${draft.contributionId}?account=${contributor}`);
	expect(shown.dispute.jury).toMatchObject({ phase: "drawing", isJuror: false });
	// The stakes of the rows that are final by now came free.
	expect(shown.viewer).toMatchObject({ seat: null, owedWei: String(8n * 10n ** 17n) });
	expect(await ask("/datanets/judged")).toMatchObject({ terms: "Be <b>kind</b>.", rule: "committee", rows: 0 });
});

test("behavior: rows are found by what they say, a page at a time; an erased one says so, on the owner's word", async () => {
	const found = await ask("/datanets/gates/rows?search=NORTH&limit=3");
	expect(found.rows.map((one: Answer) => one.response)).toHaveLength(3);
	const rest = await ask(`/datanets/gates/rows?search=NORTH&limit=3&before=${found.next}`);
	expect([rest.rows.length, rest.next]).toEqual([1, undefined]);
	expect((await ask("/datanets/gates/rows?limit=0")).error?.code).toBe("api/bad-query");
	const [gone] = rest.rows;
	const { tombstone } = await ask("/datanets/gates/erasures", { row: gone.commitment, reason: "withdrawn" });
	const { signer, signature, ...said } = tombstone;
	const whole = { ...said, chainId: BigInt(said.chainId), erasedAt: BigInt(said.erasedAt) };
	expect(await recoverTombstoneSigner(whole, signature)).toBe(node.parts.keys.address("owner"));
	expect([signer, said.contributor]).toEqual([node.parts.keys.address("owner"), contributor]);
	expect(await readIsErased(node.parts.ledger, gone.contributionId, gone.commitment)).toBe(true);
	const [after] = (await ask(`/datanets/gates/rows?before=${gone.row + 1}&limit=1`)).rows;
	expect([after.row, after.status, after.prompt]).toEqual([gone.row, "erased", undefined]);
	expect((await ask("/datanets/gates/contributors")).contributors).toMatchObject([
		{ contributor, contributions: 4, offered: 8, accepted: 8, erased: 1 },
	]);
	const quality = await ask("/datanets/gates/quality");
	expect(quality).toMatchObject({ offered: 8, accepted: 8, rejected: 0, balance: { rows: 7, labels: 7 } });
	expect(quality.checks.find(({ name }: Answer) => name === "copies")).toMatchObject({ passed: 8 });
	// What the same wallet offers again is not taken back in.
	const again = await ask("/datanets/gates/examinations", {
		contributor,
		format: "jsonl",
		content: row(gone.prompt, gone.response),
	});
	expect(again.rows[0]).toMatchObject({ outcome: "rejected", findings: [{ code: "erased" }] });
	expect(await node.parts.db.select().from(rows).where(eq(rows.commitment, gone.commitment))).toMatchObject([
		{ sealed: null },
	]);
});

/** Every file below a folder that holds the text. */
function filesWith(folder: string, text: string): string[] {
	return readdirSync(folder, { recursive: true, encoding: "utf8" })
		.map((name) => join(folder, name))
		.filter((file) => statSync(file).isFile() && readFileSync(file).includes(text));
}

describe("erasing a row of one of the node's own contributors", () => {
	const SAID = "Nairobi";
	let datanetId: Hex;
	let first: { readonly root: Hex; readonly rowCount: number };
	beforeAll(async () => {
		({ datanetId } = await contributeAll(node.parts, "world", smallData, () => {}));
		first = await takeSnapshot(node.parts, datanetId);
	});

	const rowOf = async (said: string) => {
		const frozen = await readSnapshotRows(node.parts, datanetId, 1);
		return frozen.find(({ response }) => response.includes(said))!;
	};

	test("default: rows lie sealed, and an erased one is gone for the chain, the next snapshot and every reader", async () => {
		const { parts } = node;
		const { home } = world.config;
		expect(filesWith(home, SAID)).toEqual([]);
		const { commitment, index, contributor } = await rowOf(SAID);
		const done = await eraseRow(parts, { datanetId, row: commitment, reason: "withdrawn" });
		expect(done).toMatchObject({ commitment, contributor: "ada", staleModels: [] });

		const { chainId, erasedAt, signer, signature, ...said } = done.tombstone;
		const told = { ...said, chainId: BigInt(chainId), erasedAt: BigInt(erasedAt) };
		expect(await recoverTombstoneSigner(told, signature)).toBe(contributor);
		expect(signer).toBe(contributor);
		expect(await readIsErased(parts.ledger, done.contributionId, commitment)).toBe(true);
		expect(await readIsStale(parts.ledger, datanetId, 1)).toBe(true);
		expect(await readDatanet(parts.ledger, datanetId)).toMatchObject({ acceptedRows: 10n, tombstones: 1n });

		const old = await readSnapshotRows(parts, datanetId, 1);
		expect(old[index]).toMatchObject({ erased: true, prompt: "", response: "", commitment, contributor });
		expect(old.filter((row) => row.erased)).toHaveLength(1);
		expect(await checkRows(parts, { datanetId, version: 1, root: first.root })).toMatch(/11 rows .* 1 of them erased/);
		const next = await takeSnapshot(parts, datanetId);
		expect(next).toMatchObject({ version: 2, rowCount: 10 });
		expect(await readIsStale(parts.ledger, datanetId, 2)).toBe(false);
		expect((await readSnapshotRows(parts, datanetId, 2)).map((row) => row.commitment)).not.toContain(commitment);
		expect(filesWith(home, SAID)).toEqual([]);
	});

	test("behavior: the same again is the same, and the row does not come back", async () => {
		const { parts } = node;
		const block = await parts.ledger.client.publicClient.getBlockNumber();
		const { commitment, tombstone } = (await listRows(parts, datanetId)).rows.find(
			({ status }) => status === "erased",
		)!;
		expect((await eraseRow(parts, { datanetId, row: commitment, reason: "other" })).tombstone).toEqual(tombstone);
		expect(await parts.ledger.client.publicClient.getBlockNumber()).toBe(block);
		const content = `${JSON.stringify({ prompt: "What is the capital of Kenya?", response: "Nairobi." })}\n`;
		const again = { datanetId, contributor: "ada", format: "jsonl", content } as const;
		await expect(contributeFile(parts, again)).rejects.toMatchObject({ code: "datanet/no-rows" });
	});

	test("behavior: what a crash cut short is finished at the next start, at whatever step", async () => {
		const { commitment } = await rowOf("Santiago");
		const here = and(eq(rows.datanetId, datanetId), eq(rows.commitment, commitment));
		// Written down, and then killed.
		await node.parts.db.update(rows).set({ erasedAt: 1_900_000_000, eraseReason: "legal-order" }).where(here);
		await node.close();
		node = await openNode(world.config);
		expect(node.recovered).toContain("1 erasures brought to an end");
		const done = (await listRows(node.parts, datanetId)).rows.find((row) => row.commitment === commitment)!;
		expect(done).toMatchObject({ status: "erased", tombstone: { reason: "legal-order", erasedAt: 1_900_000_000 } });
		expect(await readIsErased(node.parts.ledger, done.contributionId, commitment)).toBe(true);
		// Everything done but the last mark: nothing is said twice.
		const { tombstones } = (await readDatanet(node.parts.ledger, datanetId))!;
		await node.parts.db.update(rows).set({ tombstone: null }).where(here);
		expect(await finishErasures(node.parts)).toBe(1);
		expect((await readDatanet(node.parts.ledger, datanetId))!.tombstones).toBe(tombstones);
	});

	test("behavior: refuses what is no row and no word", async () => {
		await expect(eraseRow(node.parts, { datanetId, row: "999" })).rejects.toMatchObject({ code: "row/not-found" });
		const story = { datanetId, row: "0", reason: "Because Ada Lovelace asked" };
		await expect(eraseRow(node.parts, story)).rejects.toMatchObject({ code: "datanet/bad-reason" });
		expect((await findDatanet(node.parts, "world")).id).toBe(datanetId);
	});
});
