// Intake and card through the whole node: real chain, real database, real socket.
import { createHash } from "node:crypto";
import { type Hex, recoverAttestationSigner, type SnapshotEntry, snapshotRoot } from "@openledger/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenNode, openNode } from "../openNode.js";
import { type SmallWorld, smallWorld } from "../testing/smallWorld.js";
import { type Contributed, contributeFile } from "./contribute.js";
import { createDatanet } from "./createDatanet.js";
import { type DatanetCard, makeCard } from "./makeCard.js";
import { takeSnapshot } from "./takeSnapshot.js";

let world: SmallWorld;
let node: OpenNode;
let datanetId: Hex;
let done: Contributed;
const content = [
	{ prompt: "What is the capital of Peru?", response: "Lima." },
	{ prompt: "Which city is the capital of Peru?", response: "Lima." },
	{ prompt: "How do I reach Ada?", response: "Write to ada@kontor.se" },
	{ prompt: "CafÃ©?", response: "A place for coffee." },
]
	.map((row) => `${JSON.stringify(row)}\n`)
	.join("");

beforeAll(async () => {
	world = await smallWorld();
	node = await openNode(world.config);
	({ id: datanetId } = await createDatanet(node.parts, { name: "places" }));
	done = await contributeFile(node.parts, { datanetId, contributor: "ada", format: "jsonl", content });
});
afterAll(async () => {
	await node?.close();
	world?.remove();
});

test("default: a contribution has a verdict for every row, signed; again it is the same one", async () => {
	expect(done).toMatchObject({ acceptedRows: 3, rejected: [{ line: 3, code: "personal-data" }] });
	expect(done.intake?.flagged).toMatchObject([{ line: 4, code: "mojibake" }]);
	const again = await contributeFile(node.parts, { datanetId, contributor: "ada", format: "jsonl", content });
	expect(again).toEqual(done);
	const { signature, signer, flagged, ...counts } = done.intake!;
	const { keys, chainId, ledger } = node.parts;
	const { contributions } = await import("../database/schema.js");
	const [{ rowsRoot } = { rowsRoot: "0x" as Hex }] = await node.parts.db.select().from(contributions);
	const domain = { chainId: BigInt(chainId), registry: ledger.addresses.datanetRegistry };
	const attested = { ...domain, datanetId, rowsRoot, ...counts, flagged: flagged.length };
	expect(await recoverAttestationSigner(attested, signature)).toBe(signer);
	expect(signer).toBe(keys.address("owner"));
});

test("behavior: copies of another datanet's row are taken and told; what is no row of text comes as Markdown", async () => {
	const { id } = await createDatanet(node.parts, { name: "elsewhere" });
	const row = `${JSON.stringify({ prompt: "What is the capital of Peru?", response: "Lima." })}\n`;
	const copied = await contributeFile(node.parts, { datanetId: id, contributor: "bob", format: "jsonl", content: row });
	expect(copied).toMatchObject({ acceptedRows: 1, intake: { flagged: [{ code: "duplicate-elsewhere" }] } });
	const text = "# Rivers\nThe Amazon is long.\n\n# Hills\nThe Andes are high.\n";
	const written = await contributeFile(node.parts, {
		datanetId: id,
		contributor: "bob",
		format: "markdown",
		content: text,
	});
	expect(written.acceptedRows).toBe(2);
});

test("behavior: the card speaks of the frozen snapshot; its file has the entries that make the root, and no text", async () => {
	await expect(makeCard(node.parts, datanetId)).rejects.toMatchObject({ code: "datanet/no-snapshot" });
	const { root } = await takeSnapshot(node.parts, datanetId);
	const { url } = await node.serve();
	const response = await fetch(`${url}/api/datanets/places/card`);
	const { card, croissant, entries, version } = (await response.json()) as DatanetCard;
	expect(version).toBe(1);
	expect(
		snapshotRoot(
			entries
				.trim()
				.split("\n")
				.map((line) => JSON.parse(line) as SnapshotEntry),
		),
	).toBe(root);
	const sha256 = createHash("sha256").update(entries).digest("hex");
	expect(croissant).toMatchObject({ version: "1.1.0", distribution: [{ contentSize: `${entries.length} B`, sha256 }] });
	for (const part of [root, "| Rows | 3 in 2 clusters", "CC0-1.0", sha256]) expect(card).toContain(part);
	expect((card + entries + JSON.stringify(croissant)).toLowerCase()).not.toContain("lima");
});
