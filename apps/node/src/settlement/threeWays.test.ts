// Money's whole way: answers of two models paid by transfers, channels and keys, over a socket, to the last wei of every role and
// contributor. Then what is special about money that is only held: streams, several answers, who leaves midway, a kill.
import { type ChildProcess, spawn } from "node:child_process";
import {
	claimRewards as claimOnChain,
	delegateStake,
	delegateVotes,
	fundAccount,
	type Ledger,
	localFaucet,
	propose,
	readBalance,
	readClaimed,
	readCollected,
	readOwed,
	type Simulation,
	undelegateStake,
	withdrawOwed,
} from "@openledger/chain";
import { type CumulativeProof, type Hex, splitFee } from "@openledger/protocol";
import { createKey, createPayingFetch, memoryChannelStore } from "@openledger/sdk";
import { eq } from "drizzle-orm";
import OpenAI from "openai";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { channels, models, receipts, requests } from "../database/schema.js";
import { fundPayer } from "../inference/fundPayer.js";
import { verifyReceipt } from "../inference/verifyReceipt.js";
import { runMainJob } from "../mainJob/runMainJob.js";
import { paramsFromJson } from "../model/modelParams.js";
import { type OpenNode, openNode } from "../openNode.js";
import { type SmallWorld, smallData, smallWorld, tinyRecipe } from "../testing/smallWorld.js";
import { claimRewards } from "./claimRewards.js";
import { closeEpoch } from "./closeEpoch.js";
import { listRewards } from "./listRewards.js";

const OPEN = 10n ** 18n;
let world: SmallWorld;
let node: OpenNode;
let url: string;
let token: Hex;
const store = memoryChannelStore();

beforeAll(async () => {
	world = await smallWorld({ stage: "settled" });
	node = await openNode(world.config);
	const questions = [{ prompt: "What is the capital of Peru?" }];
	await runMainJob(node, { data: smallData, recipe: tinyRecipe, questions, datanet: "second" });
	({ url } = await node.serve());
	token = node.parts.ledger.addresses.openToken;
	await fundPayer(node.parts);
});
afterAll(async () => {
	await node.close();
	world.remove();
});

const paying = (channel = false, carry: typeof fetch = fetch) =>
	createPayingFetch({
		account: node.parts.keys.account("payer"),
		...{ chainId: world.config.chainId, token, maxWeiPerRequest: OPEN, fetch: carry },
		...(channel && { channel: { store, depositWei: OPEN, channels: 2 } }),
	});
const client = (pay: typeof fetch, apiKey = "none") =>
	new OpenAI({ baseURL: `${url}/v1`, apiKey, fetch: pay, maxRetries: 0 });
const chat = (model: string, content: string, max_tokens = 6) => ({
	...{ model, max_tokens, messages: [{ role: "user" as const, content }] },
});
type Noted = { openledger: { receiptId: Hex; feeWei: string; pending?: string; choices?: { receiptId: Hex }[] } };
const noted = (answer: unknown) => (answer as Noted).openledger;
const receiptOf = async (id: Hex) => (await node.parts.db.select().from(receipts).where(eq(receipts.id, id)))[0]!;
const reopen = async (changes: object = {}) => {
	await node.close();
	node = await openNode({ ...world.config, ...changes });
	({ url } = await node.serve());
};

test("default: transfers, channels and keys: sum of parts = sum of fees = tokens moved, to the last withdrawal", async () => {
	const { parts } = node;
	const { ledger, keys, db } = parts;
	const before = await readCollected(ledger);
	const receiptsBefore = new Set((await db.select().from(receipts)).map(({ id }) => id));
	const supply = await everything(ledger);
	const { key } = await createKey({ url, fetch: paying(), amountWei: OPEN / 10n });
	const [byTransfer, byChannel, byKey] = [client(paying()), client(paying(true)), client(fetch, key)];
	for (const model of ["world-1", "second-1"]) {
		for (const [i, way] of [byTransfer, byChannel, byKey].entries()) {
			await way.chat.completions.create(chat(model, `Who wrote Faust? ${i}`));
			await way.chat.completions.create(chat(model, `Which river? ${i}`, 3));
		}
	}
	const made = (await db.select().from(receipts)).filter(({ id }) => !receiptsBefore.has(id));
	expect(made.map(({ method }) => method).sort()).toEqual([
		...Array(4).fill("batch-settlement"),
		...Array(4).fill("exact"),
		...Array(4).fill("key"),
	]);
	for (const { id } of made.filter(({ method }) => method !== "exact").slice(0, 5)) {
		const { identical, firstDifference } = await verifyReceipt(parts, id);
		expect([identical, firstDifference]).toEqual([true, undefined]);
	}

	const fees = made.reduce((sum, { feeWei }) => sum + feeWei, 0n);
	const closed = await closeEpoch(parts);
	expect(closed!.receipts).toBe(12);
	const after = await readCollected(ledger);
	expect(after.totalWei - before.totalWei).toBe(fees);
	const terms = new Map((await db.select().from(models)).map(({ id, params }) => [id, paramsFromJson(params)]));
	const owed = new Map<string, bigint>();
	let contributors = 0n;
	for (const { feeWei, modelId } of made) {
		const { node: by, rates, split, stakers } = terms.get(modelId)!;
		const cut = splitFee(feeWei, rates.platformWei, split);
		expect(Object.values(cut).reduce((sum, part) => sum + part, 0n)).toBe(feeWei);
		contributors += cut.contributors;
		const roles = [
			[keys.address("treasury"), cut.platform + cut.treasury],
			[keys.address("owner"), cut.owner],
			[by, cut.node],
			[stakers, cut.stakers],
		] as const;
		for (const [account, wei] of roles) owed.set(account.toLowerCase(), (owed.get(account.toLowerCase()) ?? 0n) + wei);
	}
	expect(after.contributorsWei - before.contributorsWei).toBe(contributors);
	expect([...owed.values()].reduce((sum, wei) => sum + wei, contributors)).toBe(fees);

	// Every role takes what is its own, of these answers and of the ones before.
	let withdrawn = 0n;
	for (const account of owed.keys()) {
		const due = await readOwed(ledger, account as Hex);
		const held = await readBalance(ledger, account as Hex);
		expect(due).toBeGreaterThanOrEqual(owed.get(account)!);
		await withdrawOwed(ledger, keys.account("node"), { account: account as Hex });
		expect((await readBalance(ledger, account as Hex)) - held).toBe(due);
		withdrawn += due;
	}
	expect(withdrawn).toBe(after.owedWei);
	expect(await readBalance(ledger, ledger.addresses.feeVault)).toBe(0n);
	// And every contributor.
	const claimed = await claimRewards(parts);
	expect(claimed.reduce((sum, { paidWei }) => sum + paidWei, 0n)).toBe(after.contributorsWei - before.claimedWei);
	for (const { account, earnedWei } of await listRewards(parts))
		expect(await readClaimed(ledger, account)).toBe(earnedWei);
	expect(await readBalance(ledger, ledger.addresses.attributionRewards)).toBe(0n);
	// What is in the node's till is what keys have left.
	const key0 = (await fetch(`${url}/v1/openledger/keys/me`, { headers: { authorization: `Bearer ${key}` } }).then(
		(it) => it.json(),
	)) as { balanceWei: string };
	expect(await readBalance(ledger, parts.payments.terms.receiver)).toBe(BigInt(key0.balanceWei));
	expect(await everything(ledger)).toBe(supply);
	expect(await closeEpoch(parts)).toBeUndefined();
}, 120_000);

const get = async <answer>(path: string, status = 200): Promise<answer> => {
	const response = await fetch(`${url}/api${path}`);
	expect([path, response.status]).toEqual([path, status]);
	return (await response.json()) as answer;
};

test("default: by a proof over HTTP a stranger's wallet makes the chain pay the account; rows and statement sum to what it pays", async () => {
	const { ledger } = node.parts;
	await client(paying()).chat.completions.create(chat("world-1", "What is the capital of Chile, please?"));
	await closeEpoch(node.parts);
	type Told = { account: Hex; earnedWei: string; claimableWei: string }[];
	const { rewards, sums } = await get<{ rewards: Told; sums: Record<string, unknown> }>("/rewards");
	expect(sums).toMatchObject({
		accounts: rewards.length,
		earnedWei: String((await readCollected(ledger)).contributorsWei),
	});
	const { account, claimableWei } = rewards.find((one) => one.claimableWei !== "0")!;
	type Proof = { proof: Record<keyof CumulativeProof, string>; claimableWei: string; claimedWei: string };
	const proofOf = (of: Hex) => get<Proof>(`/rewards/${of}/proof`);
	const { proof, claimableWei: proved } = await proofOf(account);
	expect(proved).toBe(claimableWei);
	const stranger = privateKeyToAccount(generatePrivateKey());
	await fundAccount(ledger.client, localFaucet(), { to: stranger.address, atLeastWei: OPEN / 10n });
	const held = await readBalance(ledger, account);
	const wei = { cumulativeWei: BigInt(proof.cumulativeWei), prefixWei: BigInt(proof.prefixWei) };
	await claimOnChain(ledger, stranger, { proof: { ...proof, ...wei } as unknown as CumulativeProof });
	expect((await readBalance(ledger, account)) - held).toBe(BigInt(claimableWei));
	expect(await readBalance(ledger, stranger.address)).toBe(0n);
	expect(await proofOf(account)).toMatchObject({ claimableWei: "0", claimedWei: proof.cumulativeWei });
	await get(`/rewards/${stranger.address}/proof`, 404);
	await get("/rewards/0x12/proof", 400);

	for (const { account: of, earnedWei } of rewards) {
		const { cumulativeWei } = (await proofOf(of)).proof;
		expect(cumulativeWei).toBe(earnedWei);
		const statement = await fetch(`${url}/api/rewards/${of}/statement.csv`);
		expect(statement.headers.get("content-type")).toBe("text/csv; charset=utf-8");
		const [head, ...lines] = readCsv(await statement.text());
		const at = (name: string) => head!.indexOf(name);
		const paying = lines.filter((line) => line[at("state")] === "pays");
		const sum = paying.reduce((all, line) => all + BigInt(line[at("wei")]!), 0n);
		expect([of, String(sum)]).toEqual([of, cumulativeWei]);
		expect(paying.every((line) => /^0x[0-9a-f]{64}$/.test(line[at("root_transaction")]!))).toBe(true);
		const firstEpoch = await fetch(`${url}/api/rewards/${of}/statement.csv?from=1&to=1`);
		expect(readCsv(await firstEpoch.text()).slice(1)).toEqual(lines.filter((line) => line[at("epoch")] === "1"));
		const { rows } = await get<{ rows: { wei: string; unsettledWei: string }[] }>(`/rewards/${of}/rows`);
		const byRows = rows.reduce((all, row) => all + BigInt(row.wei) - BigInt(row.unsettledWei), 0n);
		expect([of, String(byRows)]).toEqual([of, cumulativeWei]);
		const earner = await get<{ epochs: { wei: string }[]; earnedWei: string }>(`/rewards/${of}`);
		expect(earner.earnedWei).toBe(cumulativeWei);
		expect(earner.epochs.reduce((all, epoch) => all + BigInt(epoch.wei), 0n)).toBe(BigInt(cumulativeWei));
	}
	// Answer by answer, in pages, the same lines as at once.
	type Answers = { answers: { sequence: number; receiptId: Hex; wei: string }[] };
	const { answers } = await get<Answers>(`/rewards/${account}/answers?limit=500`);
	const paged: Answers["answers"] = [];
	for (let before = ""; ; before = `&before=${paged.at(-1)!.sequence}`) {
		const page = await get<Answers>(`/rewards/${account}/answers?limit=3${before}`);
		paged.push(...page.answers);
		if (page.answers.length < 3) break;
	}
	expect(paged).toEqual(answers);
	expect(answers.length).toBeGreaterThan(3);
	await get(`/rewards/${account}/answers?limit=501`, 400);
});

test("default: what a proposal would do is told before it is signed and while it waits; a stake and its leaving are listed", async () => {
	const { ledger, keys } = node.parts;
	const payer = keys.account("payer");
	await fundAccount(ledger.client, localFaucet(), { to: payer.address, atLeastWei: OPEN / 10n });
	await delegateVotes(ledger, payer, { delegate: payer.address });
	type Asked = { actions: { target: Hex; valueWei: string; data: Hex }[]; simulation: Simulation };
	const changes = "set=jurySize%3D7&set=quorumPercent%3D5&call=openTimelock.updateDelay(1%20h)";
	const { actions, simulation } = await get<Asked>(`/governance/simulation?${changes}`);
	const effects = [
		{ what: "jurySize", before: "3", after: "7" },
		{ what: "quorumPercent", before: "0 %", after: "5 %" },
		{ what: "timelockSeconds", before: "5 s", after: "1 h" },
	];
	expect([simulation.ok, simulation.actions.map(({ change }) => change)]).toEqual([true, effects]);
	const refused = await get<Asked>("/governance/simulation?set=jurySize%3D700");
	expect(refused.simulation.ok).toBe(false);
	expect(refused.simulation.actions[0]!.refusal).toContain("it lies between 3 and 15");
	for (const bad of [
		"",
		"?set=jurySize",
		"?set=jurySize%3Dmany",
		"?call=jury.none()",
		`?${"set=jurySize%3D7&".repeat(17)}`,
	])
		await get(`/governance/simulation${bad}`, 400);
	// Votes count as they were a second ago.
	await new Promise((resolve) => setTimeout(resolve, 1100));
	const { id } = await propose(ledger, payer, {
		actions: actions.map((one) => ({ ...one, valueWei: BigInt(one.valueWei) })),
		description: "Seven jurors\n\n<script>alert(1)</script>",
	});
	expect(await get("/governance?limit=1")).toMatchObject({ count: 1, proposals: [{ number: 1, id: String(id) }] });
	expect(await get("/governance/1")).toMatchObject({
		id: String(id),
		proposer: payer.address,
		decoded: simulation.actions.map(({ text }) => ({ text })),
		steps: [{ step: "proposed" }],
	});
	const waiting = await get<Asked>(`/governance/${id}/simulation`);
	expect(waiting.simulation.actions.map(({ change }) => change)).toEqual(effects);
	await get("/governance/2", 404);
	expect(await get(`/governance/voters/${payer.address}`)).toMatchObject({ delegate: payer.address, hasVoted: false });

	const operator = keys.account("owner").address;
	await delegateStake(ledger, payer, { operator, amountWei: OPEN });
	await undelegateStake(ledger, payer, { operator, shares: OPEN / 4n });
	expect(await get(`/stakes/${payer.address}`)).toMatchObject({
		positions: [
			{ operator, stakeWei: String((OPEN * 3n) / 4n), unbondings: [{ index: "0", amountWei: String(OPEN / 4n) }] },
		],
	});
	const { operators } = await get<{ operators: { operator: Hex }[] }>("/stakes");
	expect(operators.find((one) => one.operator === operator)).toMatchObject({
		...{ activeWei: String((OPEN * 3n) / 4n), unbondingWei: String(OPEN / 4n), name: "this node's owner" },
	});
});

test("behavior: several answers to one request are charged each; a transfer pays for one", async () => {
	const sampled = { ...chat("world-1", "Say something"), n: 3, temperature: 1, seed: 5 };
	await expect(client(paying()).chat.completions.create(sampled)).rejects.toMatchObject({
		status: 402,
		code: "sdk/needs-channel",
	});
	const { key } = await createKey({ url, fetch: paying(), amountWei: OPEN / 10n });
	for (const way of [client(paying(true)), client(fetch, key)]) {
		const answer = await way.chat.completions.create(sampled);
		expect(answer.choices).toHaveLength(3);
		const ids = noted(answer).choices!.map(({ receiptId }) => receiptId);
		expect(new Set(ids).size).toBe(3);
		for (const [i, id] of ids.entries()) {
			const stored = await receiptOf(id);
			expect(stored.response).toBe(answer.choices[i]!.message.content);
			expect((stored.order as { seed: number }).seed).toBe(5 + i);
		}
		expect((await verifyReceipt(node.parts, ids[2]!)).identical).toBe(true);
	}
});

test("behavior: a text to go on with is sold like an answer, and its receipt verifies", async () => {
	const { key } = await createKey({ url, fetch: paying(), amountWei: OPEN / 10n });
	const way = client(fetch, key);
	const answer = await way.completions.create({
		model: "world-1",
		prompt: "The capital of",
		max_tokens: 4,
		logprobs: 2,
	});
	const stored = await receiptOf(noted(answer).receiptId);
	expect(stored.response).toBe(answer.choices[0]!.text);
	expect(answer.choices[0]!.logprobs!.tokens).toHaveLength(answer.usage!.completion_tokens);
	expect((await verifyReceipt(node.parts, stored.id)).firstDifference).toBeUndefined();
	// The same question with the same name: the same answer, its numbers included, and nothing more to pay.
	const named = { headers: { "idempotency-key": "text-1" } };
	const asked = { model: "world-1", prompt: "The river", max_tokens: 4, logprobs: 1 };
	const [one, two] = [await way.completions.create(asked, named), await way.completions.create(asked, named)];
	expect([noted(two).receiptId, two.choices]).toEqual([noted(one).receiptId, one.choices]);
});

test("behavior: a stream is charged what it cost, and the next request knows it", async () => {
	const byChannel = client(paying(true));
	for (const question of ["Who wrote Emma?", "Which river flows through Paris?"]) {
		let text = "";
		let note: Noted["openledger"] | undefined;
		for await (const chunk of await byChannel.chat.completions.create({ ...chat("world-1", question), stream: true })) {
			text += chunk.choices[0]?.delta.content ?? "";
			note ??= noted(chunk);
		}
		const stored = await receiptOf(note!.receiptId);
		expect([stored.response, String(stored.feeWei), stored.method]).toEqual([text, note!.feeWei, "batch-settlement"]);
	}
	const after = await byChannel.chat.completions.create(chat("world-1", "Who wrote Hamlet?"));
	expect(noted(after).receiptId).toMatch(/^0x/);
});

test("behavior: who leaves midway pays for the tokens that were made, and that receipt verifies; a transfer is answered to the end", async () => {
	const { key } = await createKey({ url, fetch: paying(), amountWei: OPEN });
	const long = { ...chat("world-1", "Tell me", 90), temperature: 1, seed: 3, stream: true as const };
	const leaving = new AbortController();
	const stream = await client(fetch, key).chat.completions.create(long, { signal: leaving.signal });
	for await (const chunk of stream) {
		if (chunk.choices[0]?.delta.content) {
			leaving.abort();
			break;
		}
	}
	const mine = async () =>
		(await node.parts.db.select().from(requests).where(eq(requests.method, "key"))).find(
			({ order, status }) => status === "answered" && JSON.stringify(order).includes('"Tell me"'),
		);
	let row = await mine();
	for (let i = 0; i < 100 && row === undefined; i++) {
		await new Promise((resolve) => setTimeout(resolve, 100));
		row = await mine();
	}
	const stored = await receiptOf(row!.receiptId!);
	const { tokensOut } = stored.receipt as { tokensOut: number };
	expect((stored.order as { maxTokens: number }).maxTokens).toBe(tokensOut);
	expect(tokensOut).toBeGreaterThan(0);
	expect(tokensOut).toBeLessThan(90);
	expect(row!.chargedWei).toBeLessThan(row!.feeWei);
	expect((await verifyReceipt(node.parts, row!.receiptId!)).identical).toBe(true);
	const [held] = await fetch(`${url}/v1/openledger/keys/me`, { headers: { authorization: `Bearer ${key}` } }).then(
		async (it) => [((await it.json()) as { heldWei: string }).heldWei],
	);
	expect(held).toBe("0");

	const left = new AbortController();
	const paid = { ...long, messages: [{ role: "user" as const, content: "Tell me all" }] };
	for await (const chunk of await client(paying()).chat.completions.create(paid, { signal: left.signal })) {
		if (chunk.choices[0]?.delta.content) {
			left.abort();
			break;
		}
	}
	const theirs = async () =>
		(await node.parts.db.select().from(requests).where(eq(requests.method, "exact"))).find(
			({ order, status }) => status === "answered" && JSON.stringify(order).includes('"Tell me all"'),
		);
	let whole = await theirs();
	for (let i = 0; i < 100 && whole === undefined; i++) {
		await new Promise((resolve) => setTimeout(resolve, 100));
		whole = await theirs();
	}
	expect(whole!.chargedWei).toBe(whole!.feeWei);
	expect(((await receiptOf(whole!.receiptId!)).order as { maxTokens: number }).maxTokens).toBe(90);
});

test("behavior: deferred receipts: the answer first, the receipt right after, also over a restart", async () => {
	await reopen({ receipts: "deferred" });
	const { key } = await createKey({ url, fetch: paying(), amountWei: OPEN / 10n });
	const answer = await client(fetch, key).chat.completions.create(chat("world-1", "Who wrote Faust?"));
	const { receiptId, pending, feeWei } = noted(answer) as unknown as {
		receiptId: null;
		pending: string;
		feeWei: string;
	};
	expect([receiptId, BigInt(feeWei) > 0n]).toEqual([null, true]);
	let found = await fetch(`${url}${pending}`);
	for (let i = 0; i < 100 && found.status === 202; i++) {
		await new Promise((resolve) => setTimeout(resolve, 50));
		found = await fetch(`${url}${pending}`);
	}
	const { receiptId: made } = (await found.json()) as { receiptId: Hex };
	expect((await verifyReceipt(node.parts, made)).firstDifference).toBeUndefined();
	expect(String((await receiptOf(made)).feeWei)).toBe(feeWei);
	// As a kill right after the answer leaves it.
	const again = noted(await client(fetch, key).chat.completions.create(chat("world-1", "Who wrote Emma?")));
	await reopen();
	const late = (await (await fetch(`${url}${again.pending}`)).json()) as { receiptId: Hex };
	expect((await verifyReceipt(node.parts, late.receiptId)).identical).toBe(true);
});

test("behavior: killed between answer and claim, a node loses nothing and charges nothing twice", async () => {
	await node.close();
	const child = await startChild();
	url = child.url;
	const sent: Request[] = [];
	const watching: typeof fetch = async (input, init) => {
		const request = new Request(input, init);
		if (request.headers.has("payment-signature")) sent.push(request.clone());
		return await fetch(request);
	};
	const answer = await client(paying(true, watching)).chat.completions.create(
		chat("second-1", "Which river flows through Cairo?"),
	);
	child.process.kill("SIGKILL");
	await child.ended;
	node = await openNode(world.config);
	({ url } = await node.serve());
	const { receiptId, feeWei } = noted(answer);
	expect(String((await receiptOf(receiptId)).feeWei)).toBe(feeWei);
	const before = (await node.parts.db.select().from(channels)).reduce((sum, { chargedWei }) => sum + chargedWei, 0n);
	// The client never got the answer, say: the very same request again.
	const last = sent.at(-1)!;
	const again = await fetch(`${url}/v1/chat/completions`, {
		method: "POST",
		headers: { "payment-signature": last.headers.get("payment-signature")!, "content-type": "application/json" },
		body: await last.text(),
	});
	expect(noted(await again.json()).receiptId).toBe(receiptId);
	const after = (await node.parts.db.select().from(channels)).reduce((sum, { chargedWei }) => sum + chargedWei, 0n);
	expect(after).toBe(before);
	await closeEpoch(node.parts);
	const { epoch } = await receiptOf(receiptId);
	expect(epoch).not.toBeNull();
	const claimed = (await node.parts.db.select().from(channels)).reduce((sum, { claimedWei }) => sum + claimedWei, 0n);
	expect(claimed).toBe(after);
});

/** RFC 4180: cells may be quoted. */
function readCsv(text: string): string[][] {
	const lines: string[][] = [];
	let line: string[] = [];
	for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
		line.push(quoted?.replaceAll('""', '"') ?? plain!);
		if (end === ",") continue;
		lines.push(line);
		line = [];
	}
	return lines;
}

async function startChild(): Promise<{
	readonly process: ChildProcess;
	readonly url: string;
	readonly ended: Promise<void>;
}> {
	const { log: _, ...config } = world.config;
	const file = inject("programs")["apps/node/src/testing/servedNode.ts"];
	const child = spawn(process.execPath, [file, JSON.stringify(config)], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	const ended = new Promise<void>((done) => child.once("exit", () => done()));
	const address = await new Promise<string>((resolve, reject) => {
		let said = "";
		child.stdout!.on("data", (text) => {
			said += text;
			if (said.includes("\n")) resolve(said.trim());
		});
		void ended.then(() => reject(new Error("the node ended before it served")));
	});
	return { process: child, url: address, ended };
}

/** All OPEN there is. */
async function everything({ client: { publicClient }, addresses }: Ledger): Promise<bigint> {
	const abi = [
		{ type: "function", name: "totalSupply", inputs: [], outputs: [{ type: "uint256" }], stateMutability: "view" },
	] as const;
	return await publicClient.readContract({ address: addresses.openToken, abi, functionName: "totalSupply" });
}
