// Looks at pages as people with different screens, themes and aids do, and says what is wrong with each. Colours depend on the theme alone and
// places on the width, so a width goes with a theme.

import type { Browser } from "playwright-core";
import { DESK, goWithin, overflow, PHONE, settled, type Visitor, violations, visit } from "./openBrowser.js";

const MOST_SHIFT = 0.1;
/** Whoever has earned nothing yet has no proof of it, which Chromium writes down as a failure. */
const FORGIVEN = /status of 404 .*\/api\/rewards\/0x[0-9a-f]{40}\/proof$/;
const TURNED_MS = 600;
/** What comes after a page seems whole can still push aside what somebody reads. */
const LATE_MS = 300;
const ON_PHONE = { ...PHONE, scheme: "light" } as const;
const AT_DESK = { ...DESK, scheme: "dark" } as const;
type PageLook = typeof ON_PHONE | typeof AT_DESK;

/** Each page: serious accessibility violations, jumps, errors, refusals of the policy, what reaches beyond the window. */
export async function lookAtPages(browser: Browser, link: string, paths: readonly string[]): Promise<string[]> {
	return (await Promise.all([openEach(browser, link, paths), walkThrough(browser, link, paths)])).flat();
}

/** By its address, each loaded anew. */
async function openEach(browser: Browser, link: string, paths: readonly string[]): Promise<string[]> {
	const found: string[] = [];
	const visitor = await visit(browser, ON_PHONE);
	await visitor.page.goto(link);
	for (const path of paths) {
		const say = (what: string) => found.push(`${path} at ${ON_PHONE.width}, ${ON_PHONE.scheme}: ${what}`);
		await visitor.page.goto(new URL(path, link).href);
		await look(visitor, say, () => new Promise((resolve) => setTimeout(resolve, LATE_MS)));
	}
	for (const what of await visitor.problems()) if (!FORGIVEN.test(what)) found.push(`at the end: ${what}`);
	await visitor.close();
	return found;
}

/** From page to page without loading any, so that what looks for violations is there already; each is then seen in the other look as well. */
async function walkThrough(browser: Browser, link: string, paths: readonly string[]): Promise<string[]> {
	const found: string[] = [];
	const visitor = await visit(browser, AT_DESK);
	const { page } = visitor;
	await page.goto(link);
	await settled(page);
	for (const path of paths) {
		const sayAt =
			({ width, scheme }: PageLook) =>
			(what: string) =>
				found.push(`${path} at ${width}, ${scheme}: ${what}`);
		await goWithin(page, path);
		await look(visitor, sayAt(AT_DESK), async () => {
			for (const what of await violations(page)) sayAt(AT_DESK)(what);
		});
		await turnTo(visitor, ON_PHONE);
		for (const what of await violations(page)) sayAt(ON_PHONE)(what);
		await turnTo(visitor, AT_DESK);
		// What turning moved is no jump, and for this long the browser takes nothing for one.
		await new Promise((resolve) => setTimeout(resolve, TURNED_MS));
		await visitor.shifted();
	}
	for (const what of await visitor.problems()) if (!FORGIVEN.test(what)) found.push(`at the end: ${what}`);
	await visitor.close();
	return found;
}

/** `linger` is what is done in the page before it is asked for jumps and errors. */
async function look(visitor: Visitor, say: (what: string) => void, linger: () => Promise<void>): Promise<void> {
	const { page } = visitor;
	await settled(page).catch((error: Error) => say(error.message));
	const beyond = await overflow(page);
	if (beyond > 0) say(`${beyond} px wider than the window`);
	await linger();
	const { sum, worst } = await visitor.shifted();
	if (sum > MOST_SHIFT) say(`what is shown jumps by ${sum.toFixed(3)}: ${worst}`);
	for (const what of await visitor.problems()) if (!FORGIVEN.test(what)) say(what);
}

async function turnTo({ page }: Visitor, { width, height, scheme }: PageLook): Promise<void> {
	await page.setViewportSize({ width, height });
	await page.emulateMedia({ colorScheme: scheme });
}
