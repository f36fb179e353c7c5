// Takes every page of a running node at both widths into docs/screens, as docs/tour.md shows them:
//   npx tsx --conditions=source test/e2e/web/takeScreens.ts http://127.0.0.1:8402/#token=… [page …]

import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { findChromium } from "../../sameBits/inChromium.js";
import { DESK, type Look, openBrowser, PHONE, settled, visit } from "./openBrowser.js";
import { saveScreen } from "./saveScreen.js";

const folder = fileURLToPath(new URL("../../../docs/screens/", import.meta.url));

type Shot = {
	readonly name: string;
	readonly path: string;
	/** Brings the page to what is worth seeing. */
	readonly act?: (page: Page) => Promise<void>;
};

const [link = "", ...only] = process.argv.slice(2);
const executable = findChromium();
if (!URL.canParse(link) || executable === undefined) {
	console.error("give the link that the node printed, and have Chromium in the path");
	process.exit(2);
}
await main(await openBrowser(executable));

async function main(browser: Browser): Promise<void> {
	mkdirSync(folder, { recursive: true });
	const shots = (await listShots()).filter(({ name }) => only.length === 0 || only.includes(name));
	const looks: readonly (Look & { readonly suffix: string })[] = [
		{ ...DESK, suffix: "1440" },
		{ ...PHONE, suffix: "375" },
	];
	for (const look of looks) await takeAll(browser, shots, look);
	const dark = shots.filter(({ name }) => name === "home" || name === "playground");
	await takeAll(browser, dark, { ...DESK, scheme: "dark", suffix: "1440-dark" });
	await browser.close();
}

async function takeAll(
	browser: Browser,
	shots: readonly Shot[],
	look: Look & { readonly suffix: string },
): Promise<void> {
	const { page, close } = await visit(browser, look);
	await page.goto(link);
	await page.getByRole("button", { name: "Connect a wallet" }).click();
	await page.getByRole("button", { name: "Development account" }).click();
	await page.getByRole("button", { name: /^Wallet 0x/ }).waitFor();
	for (const { name, path, act } of shots) {
		await page.goto(new URL(path, link).href);
		await settled(page);
		await act?.(page);
		// Charts and bars draw themselves.
		await page.waitForTimeout(700);
		await saveScreen(page, folder, `${name}-${look.suffix}.jpg`);
	}
	await close();
}

async function listShots(): Promise<Shot[]> {
	const get = async (path: string) => await (await fetch(new URL(`/api${path}`, link))).json();
	// The first of the rewards is the treasury's: what no row earned.
	const [{ datanets }, { models }, { receipts }, { jobs }, { rewards }] = await Promise.all(
		["/datanets", "/models", "/receipts", "/jobs", "/rewards"].map(get),
	);
	const ask = async (page: Page) => {
		await page.getByRole("button", { name: "Buy a key" }).click();
		await page.getByText("Forget it now").waitFor();
		await page.getByRole("textbox", { name: "Question" }).fill("What is the capital of Uganda?");
		await page.getByRole("button", { name: "Ask", exact: true }).click();
		await page.getByRole("link", { name: "Receipt, and verify it" }).waitFor({ timeout: 60_000 });
	};
	const verified = async (page: Page) => {
		await page.getByRole("button", { name: "Verify in this browser" }).click();
		const said = page.getByText("Identical, bit for bit");
		await said.waitFor({ timeout: 300_000 });
		await said.scrollIntoViewIfNeeded();
	};
	const datanet = `/datanets/${datanets[0].id}`;
	const model = `/models/${models[0].servedName ?? models[0].id}`;
	return [
		{ name: "home", path: "/" },
		{ name: "datanets", path: "/datanets" },
		{ name: "datanet", path: datanet },
		{ name: "datanet-rows", path: `${datanet}?tab=rows` },
		{ name: "datanet-contribute", path: `${datanet}?tab=contribute` },
		{ name: "datanet-quality", path: `${datanet}?tab=quality` },
		{ name: "models", path: "/models" },
		{ name: "model", path: model },
		{ name: "model-lineage", path: `${model}?tab=lineage` },
		{ name: "new-run", path: "/models/new?step=confirm" },
		{ name: "run", path: `/models/runs/${jobs[0].id}` },
		{ name: "playground", path: "/playground", act: ask },
		{ name: "receipts", path: "/receipts" },
		{ name: "receipt", path: `/receipts/${receipts[0].id}` },
		{ name: "receipt-verified", path: `/receipts/${receipts[0].id}`, act: verified },
		{ name: "earnings", path: "/earnings" },
		{ name: "contributor", path: `/earnings/${rewards[1].account}` },
		{ name: "stake", path: "/stake" },
		{ name: "governance", path: "/governance" },
		{ name: "network", path: "/network" },
		{ name: "block", path: "/network/blocks/20" },
		{ name: "epoch", path: "/network/epochs/1" },
		{ name: "search", path: "/search?q=world" },
	];
}
