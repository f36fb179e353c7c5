// A wrong bit in anything that a receipt commits to, or in what is kept beside it: found, named, and gone once mended.
// Not committed, and so not looked at: times, losses, rates and norms of training steps in run.json, the base's name in
// adapter_config.json, contributors' names (their accounts are), and when rows were contributed.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
	type Hex,
	RECEIPT_FIELDS,
	type Receipt,
	receiptFromJson,
	receiptId,
	receiptToJson,
	signReceipt,
} from "@openledger/protocol";
import { and, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contributions, models, receipts, rows, scores, shares, snapshots } from "../database/schema.js";
import { runMainJob } from "../mainJob/runMainJob.js";
import { type OpenNode, openNode } from "../openNode.js";
import { type SmallWorld, smallJob, smallWorld } from "../testing/smallWorld.js";
import { verifyReceipt } from "./verifyReceipt.js";

type Undo = () => void | Promise<void>;
/** What is done, what verification must name first, and what its words must hold. */
type Tampering = {
	readonly name: string;
	readonly what: string;
	readonly says?: RegExp;
	readonly act: () => Promise<Undo>;
};

let world: SmallWorld;
let node: OpenNode;
let id: Hex;

beforeAll(async () => {
	world = await smallWorld({ stage: "settled" });
	node = await openNode(world.config);
	const report = await runMainJob(node, smallJob);
	id = report.asked[0]!.receiptId;
	// Only then can a table be made to lie: its references would hold it back.
	await node.parts.db.execute(sql`set session_replication_role = replica`);
});
afterAll(async () => {
	await node.close();
	world.remove();
});

async function expectCaught(tamperings: readonly Tampering[], verified: () => Hex = () => id): Promise<void> {
	const missed: unknown[] = [];
	for (const { name, what, says = /./, act } of tamperings) {
		const undo = await act();
		const found = await verifyReceipt(node.parts, verified()).finally(undo);
		const detail = found.checks.at(-1)!.detail;
		if (found.identical || found.firstDifference !== what || !says.test(detail)) {
			missed.push({ name, wanted: what, found: found.firstDifference ?? "identical", detail });
		}
	}
	expect(missed).toEqual([]);
	expect((await verifyReceipt(node.parts, id)).firstDifference).toBeUndefined();
}

/** One bit of one byte, counted from the end where it is negative. */
function flip(file: string, at: number | ((bytes: Buffer) => number)): () => Promise<Undo> {
	return async () => {
		const bytes = readFileSync(file);
		const wrong = Buffer.from(bytes);
		const place = typeof at === "number" ? at : at(bytes);
		wrong[place < 0 ? wrong.length + place : place]! ^= 1;
		writeFileSync(file, wrong);
		return () => writeFileSync(file, bytes);
	};
}

const middle = (bytes: Buffer) => bytes.length >> 1;
const after = (text: string) => (bytes: Buffer) => {
	const at = bytes.indexOf(text);
	if (at < 0) throw new Error(`no ${text}`);
	return at + text.length;
};

async function change(table: typeof receipts, values: Partial<typeof receipts.$inferInsert>): Promise<Undo> {
	const { db } = node.parts;
	const [stored] = await db.select().from(table).where(eq(table.id, id));
	await db.update(table).set(values).where(eq(table.id, id));
	return async () => void (await db.update(table).set(stored!).where(eq(table.id, id)));
}

const bumped = (value: unknown): unknown => {
	if (typeof value === "bigint") return value + 1n;
	if (typeof value === "number") return value + 1;
	const text = value as string;
	if (/^\d+$/.test(text)) return String(BigInt(text) + 1n);
	return text.slice(0, -1) + (Number.parseInt(text.at(-1)!, 16) ^ 1).toString(16);
};

test("behavior: a wrong bit in the base", async () => {
	const { baseFolder } = node.parts;
	const files = ["model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json"];
	const places = { first: 0, middle, last: -1 };
	await expectCaught(
		files.flatMap((file) =>
			Object.entries(places).map(([name, at]) => ({
				name: `${file} ${name}`,
				what: "base",
				act: flip(join(baseFolder, file), at),
			})),
		),
	);
});

test("behavior: a wrong bit in the run", async () => {
	const [model] = await node.parts.db.select().from(models);
	const folder = join(node.parts.home, "runs", model!.runFolder);
	const checkpoints = readdirSync(folder).filter((name) => name.startsWith("checkpoint-"));
	expect(checkpoints).toHaveLength(2);
	const at = (file: string, name: string, place: number | ((bytes: Buffer) => number), says = file) => ({
		name: `${file} ${name}`,
		what: "run",
		says: new RegExp(says.replaceAll(".", "\\.")),
		act: flip(join(folder, file), place),
	});
	const run = (after_: string, more = 0) => at("run.json", after_, (bytes) => after(after_)(bytes) + more, "");
	await expectCaught([
		...["adapter/adapter_model.safetensors", ...checkpoints].flatMap((file) => [
			at(file, "header length", 0, "safetensors"),
			at(file, "header", 20, "safetensors"),
			at(file, "metadata", after('__metadata__":{'), "safetensors"),
			at(file, "metadata value", after('__metadata__":{"'), "safetensors"),
			at(file, "data", middle),
			at(file, "last", -1),
		]),
		...checkpoints.map((file) => at(file, "step", after('"step":"'))),
		...[
			'r": ',
			'lora_alpha": ',
			'target_modules": [\n    "',
			'bias": "',
			'peft_type": "',
			'use_dora": ',
			'revision": ',
			'task_type": "',
			'lora_dropout": ',
			'inference_mode": ',
		].map((key) => at("adapter/adapter_config.json", key, after(key), "adapter_config.json")),
		at("adapter/adapter_config.json", "last byte", -1),
		at("features.bin", "first", 0),
		at("features.bin", "middle", middle),
		at("features.bin", "last", -1),
		at("run.json", "first", 0),
		...[
			'"baseDigest":"0x',
			'"snapshotRoot":"0x',
			'"engineId":"0x',
			'"recipe":{"rank":',
			'"seed":',
			'"learningRate":0.',
			'"rows":[',
			'"adapterDigest":"0x',
			'"optimizerDigest":"0x',
			'"hash":"0x',
			'"checkpoints":[',
			'"root":"0x',
			'"historyRoot":"0x',
			'"width":',
			'"features":{"rows":',
		].map((key) => run(key, 1)),
	]);
});

test("behavior: a wrong row, in the snapshot or in the database", async () => {
	const { db, blobs, home } = node.parts;
	const [snapshot] = await db.select().from(snapshots);
	const file = join(home, "blobs", snapshot!.blob.slice(2, 4), snapshot!.blob.slice(4));
	const blob = (edit: (rows: Record<string, unknown>[]) => unknown) => async () => {
		const text = new TextDecoder().decode(await blobs.get(snapshot!.blob));
		const edited = JSON.parse(text) as Record<string, unknown>[];
		const wrong = await blobs.put(new TextEncoder().encode(JSON.stringify(edit(edited) ?? edited)));
		await db.update(snapshots).set({ blob: wrong });
		return async () => void (await db.update(snapshots).set({ blob: snapshot!.blob }));
	};
	const here = and(eq(rows.datanetId, snapshot!.datanetId), eq(rows.position, 4));
	const stored = (values: Partial<typeof rows.$inferInsert>) => async () => {
		const [row] = await db.select().from(rows).where(here);
		await db.update(rows).set(values).where(here);
		return async () => void (await db.update(rows).set(row!).where(here));
	};
	const [row] = await db.select().from(rows).where(here);
	const wrong = {
		sealed: bumped(row!.sealed) as Hex,
		commitment: bumped(row!.commitment) as Hex,
		cluster: row!.cluster + 1,
		digest: bumped(row!.digest) as Hex,
	};
	const [given] = await db.select().from(contributions).where(eq(contributions.id, row!.contributionId));
	await expectCaught([
		{ name: "blob, one bit", what: "rows", act: flip(file, middle) },
		...(["sealed", "record", "contributor", "cluster", "commitment", "index"] as const).map((field) => ({
			name: `snapshot ${field}`,
			what: "rows",
			act: blob((all) => {
				all[4]![field] = bumped(all[4]![field]);
			}),
		})),
		{ name: "snapshot without its last row", what: "rows", act: blob((all) => all.slice(0, -1)) },
		{
			name: "snapshot with two rows in each other's place",
			what: "rows",
			act: blob((all) => [all[1], all[0], ...all.slice(2)]),
		},
		{
			name: "snapshot with two owners changed for each other",
			what: "rows",
			act: blob((all) => {
				const [a, b] = [all[0]!.contributor, all[10]!.contributor];
				all[0]!.contributor = b;
				all[10]!.contributor = a;
			}),
		},
		...Object.entries(wrong).map(([field, value]) => ({
			name: `row ${field}`,
			what: "rows",
			says: /row 4 .*database/,
			act: stored({ [field]: value }),
		})),
		{
			name: "row's contributor",
			what: "rows",
			says: /row 4 .*database/,
			act: async () => {
				const one = eq(contributions.id, given!.id);
				await db
					.update(contributions)
					.set({ contributor: bumped(given!.contributor) as Hex })
					.where(one);
				return async () => void (await db.update(contributions).set(given!).where(one));
			},
		},
		{
			name: "row gone",
			what: "rows",
			says: /row 4 .*database/,
			act: async () => {
				await db.delete(rows).where(here);
				return async () => void (await db.insert(rows).values(row!));
			},
		},
	]);
});

test("behavior: a wrong receipt, request, answer or share", async () => {
	const { db } = node.parts;
	const [stored] = await db.select().from(receipts).where(eq(receipts.id, id));
	const record = stored!.receipt as Record<string, unknown>;
	const order = stored!.order as { messages: { role: string; content: string }[] };
	const leaves = await db.select().from(shares).where(eq(shares.receiptId, id)).orderBy(shares.row);
	const set = (name: string, what: string, values: Partial<typeof receipts.$inferInsert>) => ({
		name,
		what,
		act: () => change(receipts, values),
	});
	const [model] = await db.select().from(models);
	const params = model!.params as { rates: Record<string, string>; split: Record<string, number> };
	const withModel = (name: string, what: string, values: Partial<typeof models.$inferInsert>) => ({
		name,
		what,
		act: async () => {
			await db.update(models).set(values);
			return async () => void (await db.update(models).set(model!));
		},
	});
	const withShares = (name: string, wrong: typeof leaves) => ({
		name,
		what: "shares",
		act: async () => {
			await db.delete(shares).where(eq(shares.receiptId, id));
			if (wrong.length > 0) await db.insert(shares).values(wrong);
			return async () => {
				await db.delete(shares).where(eq(shares.receiptId, id));
				await db.insert(shares).values(leaves);
			};
		},
	});
	const [r, s, v] = [stored!.signature.slice(2, 66), stored!.signature.slice(66, 130), stored!.signature.slice(130)];
	await expectCaught([
		...RECEIPT_FIELDS.map(({ name }) =>
			set(`receipt.${name}`, "receipt", { receipt: { ...record, [name]: bumped(record[name]) } }),
		),
		set("receipt without a field", "receipt", { receipt: { ...record, feeWei: undefined } }),
		set("no receipt", "receipt", { receipt: [] }),
		set("payer column", "receipt", { payer: bumped(stored!.payer) as Hex }),
		set("nonce column", "receipt", { nonce: bumped(stored!.nonce) as Hex }),
		set("fee column", "receipt", { feeWei: stored!.feeWei + 1n }),
		set("model column", "receipt", { modelId: bumped(stored!.modelId) as Hex }),
		set("signature, one bit", "signature", { signature: bumped(`0x${r}${s}`) as Hex }),
		set("signature r", "signature", { signature: `${bumped(`0x${r}`)}${s}${v}` as Hex }),
		set("signature s", "signature", { signature: `0x${r}${(bumped(`0x${s}`) as Hex).slice(2)}${v}` }),
		set("signature v", "signature", { signature: `0x${r}${s}${v === "1b" ? "1c" : "1b"}` }),
		set("no signature", "signature", { signature: "0x" }),
		set("salt", "prompt", { salt: bumped(stored!.salt) as Hex }),
		set("message", "prompt", { order: { ...order, messages: [{ role: "user", content: "Who wrote Hamlet" }] } }),
		set("role", "prompt", { order: { ...order, messages: [{ role: "system", content: "Who wrote Hamlet?" }] } }),
		set("another message first", "prompt", {
			order: { ...order, messages: [{ role: "system", content: "x" }, ...order.messages] },
		}),
		set("temperature", "prompt", { order: { ...order, temperaturePpm: 1 } }),
		set("top-p", "prompt", { order: { ...order, topPPpm: 999_999 } }),
		set("seed", "prompt", { order: { ...order, seed: 1 } }),
		set("token limit", "prompt", { order: { ...order, maxTokens: 23 } }),
		set("model asked", "prompt", { order: { ...order, model: "world-2" } }),
		set("no order", "prompt", { order: [] }),
		set("response", "answer", { response: `${stored!.response}.` }),
		set("finish reason", "answer", { finishReason: stored!.finishReason === "stop" ? "length" : "stop" }),
		set("unattributed part", "shares", { unattributedPpm: 1_000_000 - stored!.unattributedPpm }),
		withShares("no shares", []),
		withShares("a share's ppm", leaves.with(0, { ...leaves[0]!, sharePpm: leaves[0]!.sharePpm - 1 })),
		withShares(
			"a share's contributor",
			leaves.with(0, { ...leaves[0]!, contributor: bumped(leaves[0]!.contributor) as Hex }),
		),
		withShares("a share's row", leaves.with(-1, { ...leaves.at(-1)!, row: 99 })),
		withShares("a share more", [
			...leaves,
			{ receiptId: id, row: 99, contributor: leaves[0]!.contributor, sharePpm: 1 },
		]),
		{
			name: "a score",
			what: "shares",
			act: async () => {
				const kept = await db.select().from(scores).where(eq(scores.receiptId, id));
				const first = and(eq(scores.receiptId, id), eq(scores.row, kept[0]!.row));
				await db
					.update(scores)
					.set({ score: kept[0]!.score + 1n })
					.where(first);
				return async () => void (await db.update(scores).set({ score: kept[0]!.score }).where(first));
			},
		},
		withModel("the model's rates here", "model", {
			params: { ...params, rates: { ...params.rates, platformWei: "1" } },
		}),
		withModel("the model's split here", "model", {
			params: { ...params, split: { ...params.split, contributorsPpm: 1 } },
		}),
		withModel("the model's run here", "run", { runFolder: "none" }),
	]);
});

test("behavior: a receipt that is not there, or is another's", async () => {
	const { db } = node.parts;
	const wrongId = bumped(id) as Hex;
	await expect(verifyReceipt(node.parts, wrongId)).rejects.toMatchObject({ code: "receipt/not-found" });
	const rename = async (from: Hex, to: Hex) => {
		await db.update(receipts).set({ id: to }).where(eq(receipts.id, from));
		await db.update(shares).set({ receiptId: to }).where(eq(shares.receiptId, from));
		await db.update(scores).set({ receiptId: to }).where(eq(scores.receiptId, from));
	};
	const act = async () => {
		await rename(id, wrongId);
		return () => rename(wrongId, id);
	};
	await expectCaught([{ name: "stored under a wrong id", what: "receipt", says: /id/, act }], () => wrongId);
});

test("behavior: what the node itself signs falsely is found as well", async () => {
	const { db, keys } = node.parts;
	const [stored] = await db.select().from(receipts).where(eq(receipts.id, id));
	const honest = receiptFromJson(stored!.receipt);
	const wanted: Record<keyof Receipt, string> = {
		chainId: "receipt",
		vault: "receipt",
		paymentNonce: "payment",
		payer: "payment",
		modelId: "model",
		adapterDigest: "model",
		baseDigest: "model",
		snapshotRoot: "model",
		featuresRoot: "model",
		engineId: "model",
		promptHash: "prompt",
		responseHash: "answer",
		tokensIn: "payment",
		tokensOut: "answer",
		feeWei: "payment",
		method: "shares",
		sharesRoot: "shares",
		timestamp: "payment",
		queryDigest: "shares",
		scoresRoot: "shares",
	};
	let lieId: Hex = id;
	const lies = Object.entries(wanted).map(([field, what]) => ({
		name: field,
		what,
		act: async () => {
			// The smallest lie there is for tokens read: one that costs the same cannot be told by the price.
			const lie = { ...honest, [field]: bumped(honest[field as keyof Receipt]) } as Receipt;
			lieId = receiptId(lie);
			const { modelId, payer, paymentNonce: nonce, feeWei } = lie;
			const signature = await signReceipt(keys.account("node"), lie);
			const columns = { id: lieId, modelId, payer, nonce, feeWei, signature, receipt: receiptToJson(lie) };
			await db.update(receipts).set(columns).where(eq(receipts.id, id));
			await db.update(shares).set({ receiptId: lieId }).where(eq(shares.receiptId, id));
			await db.update(scores).set({ receiptId: lieId }).where(eq(scores.receiptId, id));
			return async () => {
				await db.update(receipts).set(stored!).where(eq(receipts.id, lieId));
				await db.update(shares).set({ receiptId: id }).where(eq(shares.receiptId, lieId));
				await db.update(scores).set({ receiptId: id }).where(eq(scores.receiptId, lieId));
			};
		},
	}));
	await expectCaught(lies, () => lieId);
});
