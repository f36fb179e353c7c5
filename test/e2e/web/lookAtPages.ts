// Looks at pages as people with different screens, themes and aids do, and says what is wrong with each.

import type { Browser } from "playwright-core";
import { type Look, overflow, settled, violations, visit } from "./openBrowser.js";

const MOST_SHIFT = 0.1;

/** Each page in both themes: serious accessibility violations, jumps, errors, refusals of the policy, what reaches beyond the window. */
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
		const say = (what: string) => found.push(`${path} at ${look.width}: ${what}`);
		await page.emulateMedia({ colorScheme: "light" });
		await page.goto(new URL(path, link).href);
		await settled(page).catch((error: Error) => say(error.message));
		for (const what of await violations(page)) say(what);
		const beyond = await overflow(page);
		if (beyond > 0) say(`${beyond} px wider than the window`);
		await page.emulateMedia({ colorScheme: "dark" });
		for (const what of await violations(page, ["color-contrast"])) say(`dark: ${what}`);
		const { sum, worst } = await visitor.shifted();
		if (sum > MOST_SHIFT) say(`what is shown jumps by ${sum.toFixed(3)}: ${worst}`);
		for (const what of await visitor.problems()) say(what);
	}
	await visitor.close();
	return found;
}
