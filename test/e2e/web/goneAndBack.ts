// Pages that stay open while their requests fail, their node is killed in the midst of an answer and comes back, and its chain is replaced by
// another one.

import assert from "node:assert/strict";
import type { Visitor } from "./openBrowser.js";
import type { RunningNode } from "./runNode.js";

const GONE = "The node does not answer.";
const OTHER = "The node's chain is another one than before";
/** Looks at the status, which a page takes every 3 seconds; and a node that starts on a machine with much else to do. */
const NOTICED = { timeout: 20_000 };
const LONG = { timeout: 60_000 };
/** The small model repeats itself until it may not any more, which is long enough to be killed in; where its context has the room. */
export const LONG_ANSWER = { question: "Which river flows through Cairo?", tokens: "1000", positions: 1200 } as const;

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

/**
 * Killed while it answers: what was shown stays, what was written of the answer too, and that it broke off is said. Once the node is back the
 * pages go on, the same chain is not taken for another one, and the answer comes for the payment that was made.
 */
export async function killedMidAnswer(
	{ page, context }: Visitor,
	{ url, token, kill }: RunningNode,
	start: () => Promise<unknown>,
): Promise<void> {
	const row = page.getByRole("link", { name: "world", exact: true }).first();
	await row.waitFor();
	const playground = await context.newPage();
	await playground.goto(`${url}/playground?model=world-1#token=${token}`);
	await playground.getByRole("button", { name: "Connect a wallet" }).click();
	await playground.getByRole("button", { name: "Development account" }).click();
	await playground.getByRole("button", { name: "Buy a key" }).click(LONG);
	await playground.getByText("Forget it now").waitFor(LONG);
	await playground.getByText(/^Temperature 0,/).click();
	await playground.getByLabel("Max tokens").fill(LONG_ANSWER.tokens);
	await playground.getByRole("textbox", { name: "Question" }).fill(LONG_ANSWER.question);
	const before = await receipts(url);
	await playground.getByRole("button", { name: "Ask", exact: true }).click();
	const answer = playground.getByRole("article");
	await answer.getByText("answering", { exact: true }).waitFor(LONG);
	await kill();

	await answer.getByText("The stream broke off").waitFor(NOTICED);
	const told = (await answer.getByText(/ tokens written$/).textContent())!;
	const written = Number(told.replace(/\D/g, ""));
	assert.ok(written > 0 && written < Number(LONG_ANSWER.tokens), told);
	assert.equal(await answer.getByRole("link", { name: "Receipt, and verify it" }).count(), 0);
	await playground.getByText(GONE).waitFor(NOTICED);
	// While nobody answers, asking again says that, and loses nothing.
	await playground.getByRole("button", { name: "Ask again, same payment" }).click();
	await answer.getByText("What was paid is written down there").waitFor(NOTICED);
	await page.getByText(GONE).waitFor(NOTICED);
	await row.waitFor();
	// A page that was never opened needs the node, and says so instead of showing nothing.
	await page.getByRole("link", { name: "Governance", exact: true }).click();
	const again = page.getByRole("button", { name: /Try again|Reload/ }).first();
	await again.waitFor(NOTICED);

	await start();
	await page.getByText(GONE).waitFor({ ...NOTICED, state: "detached" });
	assert.equal(await page.getByText(OTHER).count(), 0);
	if (await again.isVisible()) await again.click();
	await page.getByRole("heading", { level: 1, name: "Governance" }).waitFor();
	await playground.getByText(GONE).waitFor({ ...NOTICED, state: "detached" });
	await playground.getByRole("button", { name: "Ask again, same payment" }).click();
	await answer.getByRole("link", { name: "Receipt, and verify it" }).waitFor(LONG);
	assert.equal(await receipts(url), before + 1);
	await playground.close();
}

/** Another chain under the same address: said once, and everything asked anew. */
export async function otherChain({ page }: Visitor, replace: () => Promise<unknown>): Promise<void> {
	await page.getByRole("link", { name: "Datanets", exact: true }).click();
	await page.getByRole("link", { name: "world", exact: true }).first().waitFor();
	await replace();
	await page.getByText(OTHER).waitFor(NOTICED);
	await page.getByRole("link", { name: "world", exact: true }).waitFor({ state: "detached" });
	await page.getByRole("button", { name: "Understood" }).click();
	await page.getByText(OTHER).waitFor({ state: "detached" });
}

async function receipts(url: string): Promise<number> {
	const { receipts: count } = (await (await fetch(`${url}/api/status`)).json()) as { receipts: number };
	return count;
}
