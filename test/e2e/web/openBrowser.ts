// One Chromium, and pages in it that tell everything that went wrong: errors in the console, refused by the content security policy,
// thrown; and how far what was shown has jumped.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

export type Scheme = "light" | "dark";
export type Look = { readonly width: number; readonly height: number; readonly scheme?: Scheme };
export const PHONE: Look = { width: 375, height: 800 };
export const DESK: Look = { width: 1440, height: 900 };

export type Visitor = {
	readonly page: Page;
	readonly context: BrowserContext;
	/** What went wrong since the last time this was asked. */
	problems(): Promise<string[]>;
	/** Sum of the layout shifts since the page was loaded or this was asked, and what the largest moved. */
	shifted(): Promise<{ readonly sum: number; readonly worst: string }>;
	close(): Promise<void>;
};

const WATCH = `
	globalThis.__refused = [];
	globalThis.__shifts = [];
	addEventListener("securitypolicyviolation", (event) =>
		globalThis.__refused.push(event.violatedDirective + " " + event.blockedURI + " " + event.sourceFile));
	new PerformanceObserver((list) => {
		for (const entry of list.getEntries()) {
			if (entry.hadRecentInput) continue;
			const what = entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 120) ?? "").join(" | ");
			globalThis.__shifts.push({ value: entry.value, what });
		}
	}).observe({ type: "layout-shift", buffered: true });
`;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--no-sandbox"];

export async function openBrowser(executablePath: string): Promise<Browser> {
	return await chromium.launch({ executablePath, headless: true, args: FLAGS });
}

/** A visitor with a profile of their own. */
export async function visit(browser: Browser, look: Look = DESK): Promise<Visitor> {
	const { width, height, scheme = "light" } = look;
	const context = await browser.newContext({
		viewport: { width, height },
		colorScheme: scheme,
		reducedMotion: "reduce",
	});
	await context.addInitScript(WATCH);
	const page = await context.newPage();
	const said: string[] = [];
	page.on("console", (message) => {
		if (message.type() === "error") said.push(`${message.text()} ${message.location().url}`);
	});
	page.on("pageerror", (error) => said.push(`thrown: ${error.message}`));
	return {
		page,
		context,
		async problems() {
			const refused = (await page.evaluate("globalThis.__refused.splice(0)")) as string[];
			return [...said.splice(0), ...refused.map((what) => `refused by the policy: ${what}`)];
		},
		async shifted() {
			const shifts = (await page.evaluate("globalThis.__shifts.splice(0)")) as { value: number; what: string }[];
			const worst = [...shifts].sort((a, b) => b.value - a.value)[0]?.what ?? "";
			return { sum: shifts.reduce((sum, { value }) => sum + value, 0), worst };
		},
		close: () => context.close(),
	};
}

/** Goes on as a link within the page does: nothing is loaded that is there already. */
export async function goWithin(page: Page, path: string): Promise<void> {
	await page.evaluate(
		`history.pushState(null, "", ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent("popstate"));`,
	);
}

const SETTLE_MS = 15_000;

/** Waits until the page shows its title and nothing loads any more. Asked from outside: in the page, evaluating text is forbidden. */
export async function settled(page: Page): Promise<void> {
	const begun = performance.now();
	const isSettled = `document.querySelector("h1") !== null && document.querySelector('[aria-label="Loading"]') === null`;
	while (!(await page.evaluate(isSettled))) {
		if (performance.now() - begun > SETTLE_MS) throw new Error(`${page.url()} still loads`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	// Drawn, and drawn again with what came meanwhile.
	await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
}

/** Serious and critical violations that axe finds, each with where. `rules` narrows what is looked for. */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
	if (!(await page.evaluate("typeof globalThis.axe === 'object'"))) await page.evaluate(axe);
	const options = JSON.stringify({
		resultTypes: ["violations"],
		// Where it is shows in its markup; the style sheets are asked for by no rule that is on.
		...{ selectors: false, preload: false },
		...(rules && { runOnly: { type: "rule", values: rules } }),
	});
	const found = (await page.evaluate(`axe.run(document, ${options}).then(({ violations }) => violations
		.filter(({ impact }) => impact === "serious" || impact === "critical")
		.map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 160) + " " + (failureSummary ?? "").slice(0, 200)).join(" || ")))`)) as string[];
	return found;
}

/** How far the page itself, and not a part that scrolls within, is wider than the window. */
export async function overflow(page: Page): Promise<number> {
	return (await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")) as number;
}
