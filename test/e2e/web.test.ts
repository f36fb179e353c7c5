// The explorer in a real browser on a real node and chain: looked at page by page, used from the first row to the payout, and while things
// go wrong around it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenNode, openNode } from "../../apps/node/src/openNode.js";
import { type SmallWorld, smallWorld } from "../../apps/node/src/testing/smallWorld.js";
import { findChromium } from "../sameBits/inChromium.js";
import { type SmallNode, smallNode } from "./smallNode.js";
import { type BuiltPage, buildPage } from "./web/buildPage.js";
import { failingRequest, nodeAway, otherChain } from "./web/goneAndBack.js";
import { contributeHostile, lookAtHostile } from "./web/hostileTexts.js";
import { injectWallet } from "./web/injectedWallet.js";
import { lookAtPages } from "./web/lookAtPages.js";
import { DESK, type Look, openBrowser, PHONE, settled, visit } from "./web/openBrowser.js";
import { chat, claim, connectWallet, contribute, settle, train, verify } from "./web/walkTheWay.js";

const chromium = findChromium();
const FIRST_LOAD_BYTES = 250_000;
const LOOKS: readonly Look[] = [
	{ ...PHONE, scheme: "light" },
	{ ...DESK, scheme: "dark" },
];

describe.skipIf(chromium === undefined)("the explorer in Chromium", () => {
	let built: BuiltPage;
	let small: SmallNode;
	let browser: Browser;
	let url: string;
	let link: string;
	/** After the first was ended. */
	let running: OpenNode | undefined;
	let other: SmallWorld | undefined;

	beforeAll(async () => {
		built = await buildPage();
		[small, browser] = await Promise.all([smallNode({ webFolder: built.folder }), openBrowser(chromium!)]);
		url = small.url;
		link = `${url}/#token=${small.node.parts.keys.adminToken}`;
	}, 180_000);
	afterAll(async () => {
		await browser?.close();
		await running?.close();
		await small?.close();
		other?.remove();
		built?.remove();
	});

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
		const { chainId } = small.world.config;
		const wallet = await injectWallet(visitor.context, { rpcUrl: `${url}/rpc`, chainId, startsOn: 1 });
		await visitor.page.goto(link);
		const way = { visitor, wallet, url };
		await connectWallet(way);
		await contribute(way, "world");
		const model = await train(way, "world");
		await chat(way, model);
		await verify(way);
		await settle(way);
		await claim(way);
		// Paying begins with being told the price, which Chromium writes down as a failure.
		expect((await visitor.problems()).filter((what) => !what.includes("402 (Payment Required)"))).toEqual([]);
		await visitor.close();
	}, 240_000);

	test("behavior: texts that want to harm are refused in words, or shown as what they are", async () => {
		await contributeHostile(async (path, body) => {
			const headers = { authorization: `Bearer ${small.node.parts.keys.adminToken}` };
			const answer = await fetch(`${url}/api${path}`, { method: "POST", headers, body: JSON.stringify(body) });
			return { status: answer.status, text: await answer.text() };
		});
		await lookAtHostile(browser, link);
	}, 120_000);

	test("behavior: every page at both widths in both themes: no serious violation, no jump, no error, nothing beyond the window", async () => {
		const paths = await pathsOf(small);
		const found = await Promise.all(LOOKS.map((look) => lookAtPages(browser, link, paths, look)));
		expect(found.flat()).toEqual([]);
	}, 240_000);

	test("behavior: requests that fail, a node that is killed and started again, another chain in its place", async () => {
		const visitor = await visit(browser);
		await failingRequest(visitor, link);
		const port = Number(new URL(url).port);
		const again = { webFolder: built.folder, port };
		await nodeAway(
			visitor,
			() => small.node.close(),
			async () => {
				running = await openNode({ ...small.world.config, ...again });
				await running.serve();
			},
		);
		await otherChain(visitor, async () => {
			await running!.close();
			other = await smallWorld();
			running = await openNode({ ...other.config, ...again });
			await running.serve();
		});
		await visitor.close();
	}, 120_000);
});

/** One of each page, with something on it. */
async function pathsOf({ url, node }: SmallNode): Promise<string[]> {
	const get = async (path: string) => await (await fetch(`${url}/api${path}`)).json();
	const [{ datanets }, { models }, { receipts }, { jobs }, { wallets }, { epochs }] = await Promise.all([
		...["/datanets", "/models", "/receipts", "/jobs", "/wallets", "/network/epochs"].map(get),
	]);
	const block = await node.parts.ledger.client.publicClient.getBlock({ blockNumber: 3n });
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
