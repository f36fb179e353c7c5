// The page in a real browser: nothing runs, nothing is fetched, everything a stranger wrote is text, and it fits a phone.

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../../../test/sameBits/inChromium.js";
import type { ShownReceipt } from "../client/records.js";
import { visibleText } from "../output/visibleText.js";
import { receiptPage } from "./receiptPage.js";
import { exampleReceipt, HOSTILE, hostileReceipt } from "./testing/exampleReceipt.js";

const empty: ShownReceipt = {
	...exampleReceipt,
	...{ rows: [], shares: [], rowsPaid: 0, unattributedPpm: 1_000_000, spans: null, epoch: null, response: "" },
	pool: { ppm: 1_000_000, wei: "642000000000000" },
};
const DESK = { width: 1100, height: 800 };
const PHONE = { width: 360, height: 800 };
const A4 = { format: "A4" };
const many: ShownReceipt = {
	...exampleReceipt,
	response: "A long answer of many words, again and again. ".repeat(30),
	shares: Array.from({ length: 40 }, (_, n) => ({ ...exampleReceipt.shares[0]!, contributor: `c${n}`, ppm: 25_000 })),
};

test("default: the same receipt gives the same bytes, and the policy names the style that stands there", () => {
	const page = receiptPage(exampleReceipt);
	expect(receiptPage(structuredClone(exampleReceipt))).toBe(page);
	const style = /<style>([\s\S]*?)<\/style>/.exec(page)![1]!;
	const digest = createHash("sha256").update(style).digest("base64");
	expect(page).toContain(`default-src &#39;none&#39;; style-src &#39;sha256-${digest}&#39;`);
	expect(page.match(/<script|\sstyle=|\son\w+=|https?:|url\(|@import/gi)).toBeNull();
});

test("behavior: influence and copying stand apart, each with its own words", () => {
	const page = receiptPage(exampleReceipt);
	const [, influence, copying] = page.split(/Moved the model by|Found word for word in/);
	expect(influence).toContain("96.4%");
	expect(copying!.split("</section>")[0]).not.toMatch(/%|OPEN/);
	expect(copying).toContain("stands once in the rows; rarity 20.0 bits");
});

describe("in Chromium", () => {
	const executablePath = findChromium();
	if (executablePath === undefined) {
		test.skip("the page: skipped, no chromium on the path; apt-get install chromium brings it", () => {});
		return;
	}
	const folder = mkdtempSync(join(tmpdir(), "openledger-receipt-page-"));
	let browser: Browser;
	beforeAll(async () => {
		browser = await chromium.launch({ executablePath, headless: true, args: ["--disable-gpu", "--no-first-run"] });
	});
	afterAll(async () => {
		await browser.close();
		rmSync(folder, { recursive: true, force: true });
	});

	/** A page of a receipt, opened once, looked at, and without trouble until the end. */
	async function opened<result>(shown: ShownReceipt, look: (page: Page) => Promise<result>): Promise<result> {
		const file = join(folder, "page.html");
		writeFileSync(file, receiptPage(shown));
		const context = await browser.newContext({ viewport: DESK, colorScheme: "light" });
		try {
			const page = await context.newPage();
			const trouble: string[] = [];
			page.on("console", (message) => trouble.push(message.text()));
			page.on("pageerror", (error) => trouble.push(error.message));
			page.on("dialog", (dialog) => trouble.push(dialog.message()));
			page.on("request", (request) => {
				if (request.url() !== pathToFileURL(file).href) trouble.push(request.url());
			});
			await page.goto(pathToFileURL(file).href);
			const found = await look(page);
			expect(trouble).toEqual([]);
			return found;
		} finally {
			await context.close();
		}
	}

	test("behavior: hostile texts are text, whole, and run nothing", async () => {
		const found = await opened(hostileReceipt(), async (page) => ({
			ran: await page.evaluate("typeof window.pwned"),
			elements: await page.evaluate(`[...new Set([...document.querySelectorAll("*")].map((e) => e.localName))].sort()`),
			main: await page.evaluate("document.querySelectorAll('main > section').length"),
			rows: (await page.evaluate(
				`[...document.querySelectorAll(".rows .prompt .text")].map((e) => e.textContent)`,
			)) as string[],
			reply: (await page.evaluate(
				`(() => { const e = document.querySelector(".reply bdi").cloneNode(true); e.querySelectorAll(".number").forEach((n) => n.remove()); return e.textContent; })()`,
			)) as string,
			long: await page.evaluate(`document.querySelector("#row-0 .response").textContent.length`),
		}));
		expect(found.ran).toBe("undefined");
		expect(found.elements).not.toEqual(expect.arrayContaining(["script"]));
		expect(found.elements).not.toEqual(expect.arrayContaining(["img"]));
		expect(found.elements).not.toEqual(expect.arrayContaining(["base"]));
		expect(found.main).toBe(5);
		expect(found.rows).toEqual(HOSTILE.map(visibleText));
		expect(found.reply).toBe(HOSTILE.map(visibleText).join("\n"));
		expect(found.long).toBeGreaterThan(100_000);
	});

	test("behavior: even a page into which markup got would run and load nothing", async () => {
		const file = join(folder, "broken.html");
		const markup =
			"<script>window.pwned = 1</script><img src='https://elsewhere.example/x' onerror='window.pwned = 2'>";
		writeFileSync(file, receiptPage(exampleReceipt).replace("<footer>", `${markup}<p style="color: red"><footer>`));
		const context = await browser.newContext();
		const page = await context.newPage();
		const answered: string[] = [];
		page.on("response", (response) => answered.push(response.url()));
		await page.goto(pathToFileURL(file).href);
		expect(await page.evaluate("typeof window.pwned")).toBe("undefined");
		expect(answered.filter((url) => !url.startsWith("file:"))).toEqual([]);
		await context.close();
	});

	test("behavior: nothing is wider than the window, on a phone or a desk, and every link leads somewhere on the page", async () => {
		for (const shown of [exampleReceipt, hostileReceipt(), empty, many]) {
			const found = await opened(shown, async (page) => {
				const desk = await page.evaluate(BEYOND);
				await page.setViewportSize(PHONE);
				return { desk, phone: await page.evaluate(BEYOND), dead: await page.evaluate(DEAD) };
			});
			expect(found).toEqual({ desk: 0, phone: 0, dead: [] });
		}
	});

	test("behavior: text can be read by day and by night (WCAG 2.2: 4.5 to 1); printed, it stays a handful of pages", async () => {
		const { seen, pdf } = await opened(exampleReceipt, async (page) => {
			const seen: unknown[] = [];
			for (const colorScheme of ["dark", "light"] as const) {
				await page.emulateMedia({ colorScheme });
				seen.push(await page.evaluate(FAINT));
			}
			return { seen: seen as { readonly paper: string; readonly faint: readonly string[] }[], pdf: await page.pdf(A4) };
		});
		expect(seen.flatMap(({ faint }) => faint)).toEqual([]);
		expect(new Set(seen.map(({ paper }) => paper)).size).toBe(2);
		const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)!.length;
		expect(pages).toBeLessThanOrEqual(4);
	});
});

/** Run in the page: how far it is wider than the window; links that lead nowhere. */
const BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
const DEAD = `[...document.querySelectorAll("a")].filter((a) => !(a.hash && document.querySelector(a.hash))).map((a) => a.outerHTML)`;

/** Runs in the page: the elements with text of their own whose contrast to what is behind them is below 4.5. */
const FAINT = `(() => {
	const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
	const linear = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
	const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
	const behind = (e) => {
		for (; e; e = e.parentElement) {
			const color = numbers(getComputedStyle(e).backgroundColor);
			if (color.length < 4 || color[3] > 0) return color;
		}
	};
	const owns = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim() !== "");
	const all = [...document.querySelectorAll("body, body *")].filter((e) => owns(e) && !e.closest("svg") && e.checkVisibility());
	const faint = all.filter((e) => {
		const [a, b] = [light(numbers(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
		return (a + 0.05) / (b + 0.05) < 4.5;
	});
	return { paper: getComputedStyle(document.body).backgroundColor, faint: faint.map((e) => e.outerHTML.slice(0, 120)) };
})()`;
