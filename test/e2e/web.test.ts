// The explorer in a real browser on a real node and chain: looked at page by page, used from the first row to the payout, a dispute carried
// through by people with wallets, and while things go wrong around it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { connect, type Ledger } from "@openledger/chain";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openKeystore } from "../../apps/node/src/home/keystore.js";
import { newDatabase } from "../../apps/node/src/testing/newDatabase.js";
import { type SmallWorld, smallWorld } from "../../apps/node/src/testing/smallWorld.js";
import { writeTinyBase } from "../../apps/node/src/testing/writeTinyBase.js";
import { findChromium } from "../sameBits/inChromium.js";
import { type BuiltPage, buildPage } from "./web/buildPage.js";
import { DISPUTE_ACCOUNTS, disputeByHand, type Moment } from "./web/disputeByHand.js";
import { failingRequest, killedMidAnswer, LONG_ANSWER, otherChain } from "./web/goneAndBack.js";
import { contributeHostile, lookAtHostile } from "./web/hostileTexts.js";
import { injectWallet } from "./web/injectedWallet.js";
import { lookAtPages } from "./web/lookAtPages.js";
import { DESK, openBrowser, overflow, PHONE, settled, violations, visit } from "./web/openBrowser.js";
import { type NodePrograms, nodePrograms, type RunningNode } from "./web/runNode.js";
import { chat, claim, connectWallet, contribute, settle, showOtherwise, train, verify } from "./web/walkTheWay.js";

const chromium = findChromium();
const FIRST_LOAD_BYTES = 250_000;

describe.skipIf(chromium === undefined)("the explorer in Chromium", () => {
	let built: BuiltPage;
	let programs: NodePrograms;
	let world: SmallWorld;
	let node: RunningNode;
	let browser: Browser;
	let url: string;
	let link: string;
	/** Another chain, whose windows are for people. */
	let other: SmallWorld;

	beforeAll(async () => {
		const building = buildPage().then((it) => {
			built = it;
		});
		[programs, world, other] = await Promise.all([
			nodePrograms(inject("programs")["test/e2e/web/nodeProgram.ts"]),
			smallWorld({ stage: "contributed" }),
			newWorld(),
		]);
		await writeTinyBase(world.config.baseFolder, { maxPositions: LONG_ANSWER.positions });
		await building;
		[node, browser] = await Promise.all([programs.start(configOf(world), { mainJob: true }), openBrowser(chromium!)]);
		({ url } = node);
		link = `${url}/#token=${node.token}`;
	}, 180_000);
	afterAll(async () => {
		await browser?.close();
		await programs?.close();
		world?.remove();
		other?.remove();
		built?.remove();
	});
	const configOf = ({ config: { log: _, ...config } }: SmallWorld) => ({ ...config, webFolder: built.folder });

	test("behavior: the first page loads within its budget, and nothing of the engine", async () => {
		const visitor = await visit(browser);
		const loaded = new Set<string>();
		visitor.page.on("response", (response) => void loaded.add(new URL(response.url()).pathname));
		await visitor.page.goto(link);
		await settled(visitor.page);
		const files = [...loaded].filter((path) => path === "/" || /\.(js|css|svg)$/.test(path));
		const bytes = files.map((path) =>
			gzipSync(readFileSync(join(built.folder, path === "/" ? "index.html" : path)), { level: 9 }),
		);
		const sum = bytes.reduce((total, { length }) => total + length, 0);
		expect(sum, files.join(" ")).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
		expect(files.length).toBeGreaterThan(3);
		// The token is in no address, and so in no history.
		expect(visitor.page.url()).toBe(`${url}/`);
		expect(await visitor.problems()).toEqual([]);
		await visitor.close();
	});

	test("default: contribute, train, ask, verify, settle, claim: by what stands on the pages, with a wallet of the browser", async () => {
		const visitor = await visit(browser);
		const { chainId } = world.config;
		const wallet = await injectWallet(visitor.context, { rpcUrl: `${url}/rpc`, chainId, startsOn: 1 });
		await visitor.page.goto(link);
		const way = { visitor, wallet, url };
		await connectWallet(way);
		await contribute(way, "world");
		const model = await train(way, "world");
		await chat(way, model);
		await verify(way);
		await showOtherwise(way);
		await settle(way);
		await claim(way);
		// Paying begins with being told the price, which Chromium writes down as a failure.
		expect((await visitor.problems()).filter((what) => !what.includes("402 (Payment Required)"))).toEqual([]);
		await visitor.close();
	}, 240_000);

	test("behavior: texts that want to harm are refused in words, or shown as what they are", async () => {
		await contributeHostile(async (path, body) => {
			const headers = { authorization: `Bearer ${node.token}` };
			const answer = await fetch(`${url}/api${path}`, { method: "POST", headers, body: JSON.stringify(body) });
			return { status: answer.status, text: await answer.text() };
		});
		await lookAtHostile(browser, link);
	}, 120_000);

	test("behavior: every page at both widths in both themes: no serious violation, no jump, no error, nothing beyond the window", async () => {
		const paths = await pathsOf(url);
		expect(await lookAtPages(browser, link, paths)).toEqual([]);
	}, 240_000);

	test("default: challenge, defend, judge, appeal, judge again, draw: a dispute by hand, by people with wallets", async () => {
		const disputes = await programs.start({ ...configOf(other), windows: "by-hand" });
		const visitor = await visit(browser);
		const { chainId, home, seed } = other.config;
		const wallet = await injectWallet(visitor.context, {
			...{ rpcUrl: `${disputes.url}/rpc`, chainId, accounts: DISPUTE_ACCOUNTS },
		});
		const keys = openKeystore(home, seed);
		const people = { treasury: keys.account("treasury"), owner: keys.address("owner") };
		const found: string[] = [];
		const onMoment = async (moment: Moment) => {
			for (const { width, height } of [PHONE, DESK]) {
				await visitor.page.setViewportSize({ width, height });
				// The same elements at both widths.
				if (width === PHONE.width)
					for (const what of await violations(visitor.page)) found.push(`${moment} at ${width}: ${what}`);
				const beyond = await overflow(visitor.page);
				if (beyond > 0) found.push(`${moment} at ${width}: ${beyond} px wider than the window`);
			}
		};
		const ledger = await ledgerOf(disputes.url);
		await disputeByHand({ visitor, wallet, node: disputes, ledger, ...people, onMoment });
		expect([...found, ...(await visitor.problems())]).toEqual([]);
		await visitor.close();
		await disputes.close();
	}, 240_000);

	test("behavior: requests that fail, a node that is killed while it answers and started again, another chain in its place", async () => {
		const visitor = await visit(browser);
		await failingRequest(visitor, link);
		const port = Number(new URL(url).port);
		await killedMidAnswer(visitor, node, async () => {
			node = await programs.start({ ...configOf(world), port });
		});
		await otherChain(visitor, async () => {
			await node.close();
			await programs.start({ ...configOf(other), port });
		});
		await visitor.close();
	}, 180_000);
});

/** A home with a database in it, but no chain yet. */
async function newWorld(): Promise<SmallWorld> {
	const made = await smallWorld({ stage: "nothing" });
	await newDatabase(join(made.config.home, "database"));
	return made;
}

/** The chain itself, past the node. */
async function ledgerOf(url: string): Promise<Ledger> {
	const { chainUrl, chainId, addresses } = await (await fetch(`${url}/api/status`)).json();
	return { client: await connect({ url: chainUrl, chainId }), addresses };
}

/** One of each page, with something on it. */
async function pathsOf(url: string): Promise<string[]> {
	const get = async (path: string) => await (await fetch(`${url}/api${path}`)).json();
	const [{ datanets }, { models }, { receipts }, { jobs }, { wallets }, { epochs }] = await Promise.all([
		...["/datanets", "/models", "/receipts", "/jobs", "/wallets", "/network/epochs"].map(get),
	]);
	const block = await (await ledgerOf(url)).client.publicClient.getBlock({ blockNumber: 3n });
	return [
		...[
			"/",
			"/datanets",
			"/models",
			"/models/new",
			"/models/compare",
			"/playground",
			"/receipts",
			"/earnings",
			"/stake",
		],
		...["/governance", "/network", "/network/blocks/3", "/search?q=ada", "/nothing/here"],
		`/datanets/${datanets[0].id}`,
		`/models/${models[0].id}`,
		`/models/runs/${jobs?.[0]?.id}`,
		`/receipts/${receipts[0].id}`,
		`/earnings/${wallets.at(-1).address}`,
		`/network/transactions/${block.transactions[0]}`,
		`/network/epochs/${epochs?.[0]?.epoch}`,
	];
}
