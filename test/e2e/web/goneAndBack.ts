// A page that stays open while its requests fail, its node is killed and comes back, and its chain is replaced by another one.

import assert from "node:assert/strict";
import type { Visitor } from "./openBrowser.js";

const GONE = "The node does not answer.";
const OTHER = "The node's chain is another one than before";
/** Three looks at the status, which a page takes every 3 seconds. */
const NOTICED = { timeout: 20_000 };

/** One request fails, then works: the page says so, and can ask again. */
export async function failingRequest({ page }: Visitor, link: string): Promise<void> {
	const isList = (url: URL) => url.pathname === "/api/datanets";
	await page.route(isList, (route) => route.abort());
	await page.goto(link);
	await page.getByRole("link", { name: "Datanets", exact: true }).click();
	await page.getByText("This could not be read").waitFor(NOTICED);
	await page.unroute(isList);
	await page.getByRole("button", { name: "Try again" }).first().click();
	await page.getByRole("link", { name: "world", exact: true }).first().waitFor();
	// A refusal in the midst of JSON is no end of the page either.
	await page.route(isList, (route) => route.fulfill({ status: 500, body: "<html>" }));
	await page.reload();
	await page.getByText("This could not be read").waitFor(NOTICED);
	await page.unroute(isList);
	await page.getByRole("button", { name: "Try again" }).first().click();
	await page.getByRole("link", { name: "world", exact: true }).first().waitFor();
}

/** What was shown stays while the node is away, and goes on once it is back; the same chain is not taken for another one. */
export async function nodeAway(
	{ page }: Visitor,
	kill: () => Promise<void>,
	start: () => Promise<void>,
): Promise<void> {
	const row = page.getByRole("link", { name: "world", exact: true }).first();
	await row.waitFor();
	await kill();
	await page.getByText(GONE).waitFor(NOTICED);
	await row.waitFor();
	// A page that was never opened needs the node, and says so instead of showing nothing.
	await page.getByRole("link", { name: "Governance", exact: true }).click();
	await page
		.getByRole("button", { name: /Try again|Reload/ })
		.first()
		.waitFor(NOTICED);
	await start();
	await page.getByText(GONE).waitFor({ ...NOTICED, state: "detached" });
	assert.equal(await page.getByText(OTHER).count(), 0);
	const again = page.getByRole("button", { name: /Try again|Reload/ }).first();
	if (await again.isVisible()) await again.click();
	await page.getByRole("heading", { level: 1, name: "Governance" }).waitFor();
}

/** Another chain under the same address: said once, and everything asked anew. */
export async function otherChain({ page }: Visitor, replace: () => Promise<void>): Promise<void> {
	await page.getByRole("link", { name: "Datanets", exact: true }).click();
	await page.getByRole("link", { name: "world", exact: true }).first().waitFor();
	await replace();
	await page.getByText(OTHER).waitFor(NOTICED);
	await page.getByRole("link", { name: "world", exact: true }).waitFor({ state: "detached" });
	await page.getByRole("button", { name: "Understood" }).click();
	await page.getByText(OTHER).waitFor({ state: "detached" });
}
