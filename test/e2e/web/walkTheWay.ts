// The whole way as a person with a wallet goes it, by what stands on the pages: rows → model → answer → receipt → proof → payout.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { InjectedWallet } from "./injectedWallet.js";
import type { Visitor } from "./openBrowser.js";

type Way = { readonly visitor: Visitor; readonly wallet: InjectedWallet; readonly url: string };

const ROWS = [
	["Who flew the first kite over Weifang?", "Mozi and Lu Ban."],
	["What is a kite's tail for?", "It keeps the kite steady."],
	["Which wind lifts a sled kite?", "A steady one of three metres a second."],
] as const;
const QUESTION = ROWS[1][0];
/** Training and answering on a machine with much else to do. */
const LONG = { timeout: 60_000 };

/** Connects, after declining once, and gets from the wrong network to the right one and to some money. */
export async function connectWallet({ visitor: { page }, wallet }: Way): Promise<void> {
	await page.getByRole("button", { name: "Connect a wallet" }).click();
	const dialog = page.getByRole("dialog");
	wallet.declines = true;
	await dialog.getByRole("button", { name: "Test wallet" }).click();
	await dialog.getByText("You declined in your wallet").waitFor();
	wallet.declines = false;
	await dialog.getByRole("button", { name: "Test wallet" }).click();
	const button = page.getByRole("button", { name: /^Wallet 0x/ });
	await button.getByText("wrong network").waitFor();
	await button.click();
	// The wallet has never heard of this chain: it is added, then chosen.
	await dialog.getByRole("button", { name: "Switch network" }).click();
	await button.getByText("wrong network").waitFor({ state: "detached" });
	assert.ok(wallet.asked.includes("wallet_addEthereumChain"));
	await dialog.getByRole("button", { name: "Get play money" }).click();
	await dialog.getByText("enough coins").waitFor();
	await dialog.getByRole("button", { name: "Close" }).click();
}

/** Drops a file of them onto the page of a datanet. */
export async function dropRows(page: Page, rows: readonly (readonly [string, string])[]): Promise<void> {
	const text = rows.map(([prompt, response]) => `${JSON.stringify({ prompt, response })}\n`).join("");
	const dropped = `(() => {
		const data = new DataTransfer();
		data.items.add(new File([${JSON.stringify(text)}], "rows.jsonl"));
		return data;
	})()`;
	const zone = page.getByText("Drop a file of rows here, or choose one");
	await zone.waitFor();
	await zone.dispatchEvent("drop", { dataTransfer: await page.evaluateHandle(dropped) });
	await page.getByRole("heading", { name: "3. Every row's verdict" }).waitFor();
}

/** Drops a file; what the wallet declines changes nothing, and can be asked again. */
export async function contribute({ visitor: { page }, wallet, url }: Way, datanet: string): Promise<void> {
	await page.goto(`${url}/datanets/${datanet}?tab=contribute`);
	await dropRows(page, ROWS);
	wallet.declines = true;
	await page.getByRole("button", { name: "Contribute with my wallet" }).click(LONG);
	await page.getByText("You declined it in your wallet. Nothing was sent and nothing changed.").waitFor();
	wallet.declines = false;
	await page.getByRole("button", { name: "Go on" }).click();
	await page.getByText(`${ROWS.length} of ${ROWS.length} rows were accepted`).waitFor(LONG);
}

/** Four steps to a model; the page of the run becomes the model's. */
export async function train({ visitor: { page }, url }: Way, datanet: string): Promise<string> {
	await page.goto(`${url}/models/new?datanet=${datanet}`);
	await page.getByRole("button", { name: "Next: Rows" }).click();
	await page.getByLabel("Version").selectOption("new");
	await page.getByLabel("Name of the model").fill("kites");
	await page.getByRole("button", { name: "Next: Recipe" }).click();
	for (const [field, value] of [
		["Epochs", "2"],
		["Rank", "4"],
		["Batch size", "4"],
	] as const)
		await page.getByLabel(field, { exact: true }).fill(value);
	await page.getByRole("button", { name: "Next: Confirm" }).click();
	await page.getByRole("button", { name: "Begin the run" }).click();
	await page.waitForURL(/\/models\/runs\//);
	await page.waitForURL(/\/models\/kites-1$/, LONG);
	await page.getByRole("heading", { name: "kites-1" }).waitFor();
	return "kites-1";
}

/** Buys a key, asks, and follows the answer to its receipt. */
export async function chat({ visitor: { page }, url }: Way, model: string): Promise<void> {
	await page.goto(`${url}/playground?model=${model}`);
	await page.getByRole("button", { name: "Buy a key" }).click();
	await page.getByText("Forget it now").waitFor(LONG);
	await page.getByRole("textbox", { name: "Question" }).fill(QUESTION);
	await page.getByRole("button", { name: "Ask", exact: true }).click();
	const answer = page.getByRole("article", { name: `Answer of ${model}` });
	await answer.getByRole("link", { name: "Receipt, and verify it" }).click(LONG);
	await page.waitForURL(/\/receipts\/0x/);
}

/** In a worker of this browser: the same engine on the committed inputs. */
export async function verify({ visitor: { page } }: Way): Promise<void> {
	await page.getByRole("button", { name: "Verify in this browser" }).click();
	await page.getByText("Identical, bit for bit").waitFor({ timeout: 120_000 });
	const states = (await page.evaluate(
		"[...document.querySelectorAll('[data-check]')].map((item) => item.dataset.state)",
	)) as string[];
	assert.ok(states.length > 5);
	assert.deepEqual([...new Set(states)], ["same"]);
}

/** What the node shows afterwards is not what was verified, and the page says so; what was verified, shown again, is. */
export async function showOtherwise({ visitor: { page } }: Way): Promise<void> {
	const isReceipt = ({ pathname }: URL) => /^\/api\/receipts\/0x[0-9a-f]{64}$/.test(pathname);
	await page.route(isReceipt, async (route) => {
		const response = await route.fetch();
		const shown = (await response.json()) as { readonly response: string };
		await route.fulfill({ response, json: { ...shown, response: `${shown.response} Or not.` } });
	});
	await page.getByText("Not verified: the node shows something else by now").waitFor(LONG);
	assert.equal(await page.getByText("Identical, bit for bit").count(), 0);
	await page.unroute(isReceipt);
	await page.getByText("Identical, bit for bit").waitFor(LONG);
}

/** Settles what waits, until it pays. */
export async function settle({ visitor: { page }, url }: Way): Promise<void> {
	await page.goto(`${url}/earnings`);
	await page.getByRole("button", { name: "Settle now" }).click();
	await page.getByText("pays now").first().waitFor(LONG);
}

/** The contributor's wallet claims what its rows earned, after its owner declined once. */
export async function claim({ visitor: { page }, wallet, url }: Way): Promise<void> {
	await page.goto(`${url}/earnings/${wallet.address.toLowerCase()}`);
	const button = page.getByRole("button", { name: /^Claim [0-9.,]+ OPEN$/ });
	wallet.declines = true;
	await button.click(LONG);
	await page.getByText("You declined it in your wallet").waitFor();
	wallet.declines = false;
	await button.click();
	await page.getByText(/Done, in block \d+/).waitFor(LONG);
	await page.getByText("Everything that epochs give was claimed").waitFor();
}
