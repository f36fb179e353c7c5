// Texts that somebody wrote to harm whoever looks at them: in rows, names, terms and prompts, as far as the node takes them.

import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { goWithin, overflow, PHONE, settled, visit } from "./openBrowser.js";

export const HOSTILE_DATANET = "odd";

const SCRIPT = "<script>globalThis.harmed = 1</script>";
const IMAGE = "<img src=x onerror='globalThis.harmed = 2'>";
/** Would show "cod.exe" as "exe.doc". */
const TURNED = "invoice \u202excod.exe\u202c \u200bhidden\u2066";
/** Rows with characters that turn the writing are refused; one that only marks it is taken. */
const UNSEEN = "mark\u061cing \u05d0\u05d1";
const LONG_WORD = Array.from({ length: 60 }, (_, at) => `part${at}`).join("");
const LINK = "javascript:globalThis.harmed=3//";
const HUGE = "n".repeat(100_000);

const ROWS = [
	[`${SCRIPT} Who is there?`, `${IMAGE} Nobody.`],
	[`Which file is ${TURNED}?`, `A program. ${LINK}`],
	[`What is ${LONG_WORD}?`, "One word without an end."],
	[`What is ${UNSEEN}?`, "Letters of another alphabet."],
	// biome-ignore lint/suspicious/noTemplateCurlyInString: it is what somebody might try
	["{{constructor.constructor('globalThis.harmed = 4')()}}", "${globalThis.harmed = 5}"],
] as const;

type Post = (path: string, body: unknown) => Promise<{ readonly status: number; readonly text: string }>;

/** Puts them in through the API; what is refused is refused in words that are no echo of it all. */
export async function contributeHostile(post: Post): Promise<void> {
	const terms = `${SCRIPT}${IMAGE} ${TURNED} ${LINK}`;
	const made = await post("/datanets", { name: HOSTILE_DATANET, terms });
	assert.equal(made.status, 201, made.text);
	const content = ROWS.map(([prompt, response]) => `${JSON.stringify({ prompt, response })}\n`).join("");
	const given = await post(`/datanets/${HOSTILE_DATANET}/contributions`, {
		contributor: "mallory",
		format: "jsonl",
		content,
	});
	assert.ok(given.status < 300, given.text);
	const refused: [string, unknown][] = [
		["/datanets", { name: HUGE }],
		["/datanets", { name: SCRIPT }],
		["/datanets", { name: TURNED }],
		[`/datanets/${HOSTILE_DATANET}/contributions`, { contributor: HUGE, format: "jsonl", content }],
		[`/datanets/${HOSTILE_DATANET}/contributions`, { contributor: SCRIPT, format: "jsonl", content }],
		["/models", { datanet: HOSTILE_DATANET, name: HUGE }],
		["/wallets/fund", { address: HUGE }],
	];
	for (const [path, body] of refused) {
		const { status, text } = await post(path, body);
		assert.equal(status, 400, `${path} ${JSON.stringify(body).slice(0, 80)} gave ${status}`);
		const { message } = (JSON.parse(text) as { error: { message: string } }).error;
		assert.ok(message.length > 10 && message.length < 1000, `${path}: a refusal of ${message.length} characters`);
	}
}

/** Looks at where they show: as they were written, seen for what they are, and without effect. */
export async function lookAtHostile(browser: Browser, link: string): Promise<void> {
	const visitor = await visit(browser, PHONE);
	const { page } = visitor;
	await page.goto(link);
	await settled(page);
	const datanet = `/datanets/${HOSTILE_DATANET}`;
	const odd = [SCRIPT, TURNED, HUGE.slice(0, 10_000), "%00", "..%2f..%2fapi"].map(encodeURIComponent);
	const paths = [
		...[datanet, `${datanet}?tab=rows`, `${datanet}?tab=contributors`, `${datanet}?tab=quality`, `${datanet}?tab=card`],
		...[`${datanet}?tab=reviews`, "/datanets", "/"],
		...odd.flatMap((text) => [`/search?q=${text}`]),
		...odd.slice(0, 2).flatMap((text) => ["/datanets/", "/models/", "/receipts/", "/earnings/"].map((at) => at + text)),
	];
	// Markup is to be read as it was written, what is invisible to be seen.
	const seen: Readonly<Record<string, readonly string[]>> = {
		[datanet]: [SCRIPT, "‹U+202E›"],
		[`${datanet}?tab=rows`]: [SCRIPT, IMAGE, "‹U+061C›"],
	};
	for (const [at, path] of paths.entries()) {
		// Each address is the page's; that it opens there too is looked at with some, and wherever markup is in it.
		const served = await fetch(new URL(path, link), { headers: { accept: "text/html" } });
		assert.deepEqual([served.status, served.headers.get("content-type")?.split(";")[0]], [200, "text/html"], path);
		if (at % 6 === 0 || path.includes(encodeURIComponent(SCRIPT))) await page.goto(new URL(path, link).href);
		else await goWithin(page, path);
		await settled(page);
		assert.equal(await page.evaluate("globalThis.harmed"), undefined, path.slice(0, 80));
		assert.equal(await overflow(page), 0, `${path.slice(0, 80)} is wider than the window`);
		const shown = (await page.evaluate("document.body.textContent")) as string;
		assert.doesNotMatch(shown, /[\u202a-\u202e\u2066-\u2069]/, `${path.slice(0, 80)} shows what turns the writing`);
		assert.equal(await page.locator("main script, main iframe, main img[src=x], a[href^='javascript:']").count(), 0);
		const expected = seen[path] ?? [];
		for (const text of expected) assert.ok(shown.includes(text), `${path} does not show ${text}`);
	}
	// Asked for what is not there, the node answers 404, and Chromium writes that down.
	const problems = (await visitor.problems()).filter((what) => !/status of 40[04]/.test(what));
	assert.deepEqual(problems, []);
	await visitor.close();
}
