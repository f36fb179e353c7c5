// kill -9 at five points of the main job, at three of them the chain's process too, and each time start again. In the
// end nothing that anybody was told is lost, nothing is counted twice, and contributors have what they earned.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { begunHome, end, firstLine } from "./begunHome.js";
import { killAnvil, openledger, type Running, riverRows, start } from "./openledger.js";

type Receipts = {
	readonly receipts: readonly { readonly id: string; readonly feeWei: string; readonly epoch: number | null }[];
};
type Contribution = {
	readonly id: string;
	readonly contributor: string;
	readonly acceptedRows: number;
	readonly status: string;
};
type Datanets = {
	readonly datanets: readonly { readonly id: string; readonly rows: number; readonly contributions: number }[];
};
type Status = {
	readonly money: { readonly totalWei: string; readonly contributorsWei: string; readonly claimedWei: string };
};
type Report = Readonly<Record<string, string>> & { readonly asked: readonly { readonly receiptId: string }[] };

/** Lines of progress at which the node is killed, in the order in which they can first come. */
const POINTS = [
	{ line: /^data +\d+ rows of oskar/, andChain: true },
	{ line: /^train /, andChain: false },
	{ line: /^publish /, andChain: true },
	{ line: /^serve +5\//, andChain: false },
	{ line: /^settle +\w+ claimed/, andChain: true },
] as const;

const { home, remove } = await begunHome();
/** What readers were told before a kill. */
const told = { receipts: new Set<string>(), contributions: new Set<string>() };
const killedAt: string[] = [];
let node: Running;
let report: Report;

beforeAll(async () => {
	for (const point of POINTS) await runAndKill(point);
	node = up();
	report = (JSON.parse(await firstLine(node)) as { report: Report }).report;
}, 400_000);
afterAll(async () => {
	await end(node);
	remove();
});

/** Of each person's rows some are asked for: enough to be killed among them. */
const QUESTIONS = [
	...["Which river flows through Cairo?", "Which river flows through London?", "Which river flows through Vienna?"],
	...[
		"Which river flows through Lisbon?",
		"Into which ocean does the Amazon flow?",
		"Into which sea does the Rhine flow?",
	],
	...[
		"On which continent is the Murray?",
		"Which river forms the Grand Canyon?",
		"Which river feeds the Victoria Falls?",
	],
];
const asked = QUESTIONS.flatMap((question) => ["--ask", question]);
const up = () => start(["up", "--main-job", "--data", riverRows, ...asked, "--home", home, "--port", "0", "--json"]);

async function get<T>(path: string): Promise<T> {
	const { url } = JSON.parse(readFileSync(join(home, "node.json"), "utf8")) as { url: string };
	return (await (await fetch(`${url}/api${path}`)).json()) as T;
}

async function runAndKill({ line, andChain }: (typeof POINTS)[number]): Promise<void> {
	const running = up();
	const reached = new Promise<true>((resolve) => running.onLine((text) => line.test(text) && resolve(true)));
	if ((await Promise.race([reached, running.ended])) !== true) {
		throw new Error(`the main job ended before ${line}:\n${(await running.ended).stderr}`);
	}
	if (!andChain) {
		for (const { id } of (await get<Receipts>("/receipts")).receipts) told.receipts.add(id);
		const [datanet] = (await get<Datanets>("/datanets")).datanets;
		for (const { id, status } of await contributionsOf(datanet!.id)) {
			if (status === "accepted") told.contributions.add(id);
		}
	}
	running.process.kill("SIGKILL");
	if (andChain) killAnvil(home);
	await running.ended;
	killedAt.push(String(line));
}

/** Newest first. */
async function contributionsOf(id: string): Promise<Contribution[]> {
	return (await get<{ contributions: Contribution[] }>(`/datanets/${id}/contributions`)).contributions;
}

test("default: after five kills every row is there once", async () => {
	expect(killedAt).toHaveLength(POINTS.length);
	const { datanets } = await get<Datanets>("/datanets");
	expect(datanets).toHaveLength(1);
	const { id, rows, contributions: count } = datanets[0]!;
	expect(count).toBe(3);
	const contributions = (await contributionsOf(id)).reverse();
	const counts = contributions.map(({ contributor, acceptedRows, status }) => [contributor, acceptedRows, status]);
	expect([rows, counts]).toEqual([
		22,
		[
			["noor", 8, "accepted"],
			["oskar", 6, "accepted"],
			["pia", 8, "accepted"],
		],
	]);
	expect(contributions.map(({ id }) => id)).toEqual(expect.arrayContaining([...told.contributions]));
	expect(told.contributions.size).toBe(3);
});

test("behavior: every question was paid and receipted once, and no receipt that was shown is gone", async () => {
	const { receipts } = await get<Receipts>("/receipts");
	const ids = receipts.map(({ id }) => id);
	expect([ids.length, new Set(ids).size]).toEqual([QUESTIONS.length, QUESTIONS.length]);
	expect([...ids].sort()).toEqual(report.asked.map(({ receiptId }) => receiptId).sort());
	expect(ids).toEqual(expect.arrayContaining([...told.receipts]));
	expect(told.receipts.size).toBeGreaterThanOrEqual(5);
});

test("behavior: fees collected on chain are those on the receipts; paid = collected = claimed", async () => {
	const { receipts } = await get<Receipts>("/receipts");
	const { money } = await get<Status>("/status");
	const fees = receipts.reduce((sum, { feeWei }) => sum + BigInt(feeWei), 0n);
	expect(receipts.filter(({ epoch }) => epoch === null)).toEqual([]);
	expect([money.totalWei, report.feesWei]).toEqual([String(fees), String(fees)]);
	expect(money.claimedWei).toBe(money.contributorsWei);
	expect([report.paidWei, report.claimedWei]).toEqual([money.contributorsWei, money.contributorsWei]);
});

test("behavior: receipts from before the kills still verify, bit for bit", async () => {
	const [first] = told.receipts;
	const { code, stdout, stderr } = await openledger(["receipt", "verify", first!, "--home", home]);
	expect(code, stdout + stderr).toBe(0);
	expect(stdout).toMatch(/^identical$/m);
});

test("behavior: the chain's process is killed under the node: who asks waits, and is told the same as before", async () => {
	const paths = ["/status", "/receipts", "/rewards", "/network/nodes", "/network/epochs", "/activity"];
	const facts = async () => {
		const [status, ...rest] = await Promise.all(paths.map((path) => get<Record<string, unknown>>(path)));
		const { chainUrl: _, block, chainTime: __, ...same } = status!;
		return { same, rest, block: Number(block) };
	};
	const before = await facts();
	killAnvil(home);
	const [after] = await Promise.all([facts(), facts(), facts()]);
	expect({ ...after, block: 0 }).toEqual({ ...before, block: 0 });
	expect(after.block).toBeGreaterThanOrEqual(before.block);
	expect(node.process.exitCode).toBeNull();
}, 60_000);

test("behavior: a chain that ends again and again ends the node, with words and a code for who starts it again", async () => {
	const kills = setInterval(() => {
		try {
			killAnvil(home);
		} catch {
			// Between two processes there is none.
		}
	}, 100);
	const { code, stderr } = await node.ended;
	clearInterval(kills);
	expect(code).toBe(1);
	expect(stderr).toContain("the chain ended and could not be started again");
}, 60_000);
