// Looks at pages as people with different screens, themes and aids do, and says what is wrong with each. Colours depend on the theme alone and
// places on the width, so a width goes with a theme.

import type { Browser } from "playwright-core";
import { type Look, overflow, settled, violations, visit } from "./openBrowser.js";

const MOST_SHIFT = 0.1;
/** Whoever has earned nothing yet has no proof of it, which Chromium writes down as a failure. */
const FORGIVEN = /status of 404 .*\/api\/rewards\/0x[0-9a-f]{40}\/proof$/;

/** Each page: serious accessibility violations, jumps, errors, refusals of the policy, what reaches beyond the window. */
export async function lookAtPages(
	browser: Browser,
	link: string,
	paths: readonly string[],
	look: Look,
): Promise<string[]> {
	const found: string[] = [];
	const visitor = await visit(browser, look);
	const { page } = visitor;
	await page.goto(link);
	for (const path of paths) {
		const say = (what: string) => found.push(`${path} at ${look.width}, ${look.scheme}: ${what}`);
		await page.goto(new URL(path, link).href);
		await settled(page).catch((error: Error) => say(error.message));
		for (const what of await violations(page)) say(what);
		const beyond = await overflow(page);
		if (beyond > 0) say(`${beyond} px wider than the window`);
		const { sum, worst } = await visitor.shifted();
		if (sum > MOST_SHIFT) say(`what is shown jumps by ${sum.toFixed(3)}: ${worst}`);
		for (const what of await visitor.problems()) if (!FORGIVEN.test(what)) say(what);
	}
	await visitor.close();
	return found;
}
