// Runs the bundle in a page of headless Chromium, served from this machine, with and without cross-origin isolation.

import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import type { EngineComparison } from "@openledger/llm";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
const FLAGS = [
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];

/** A Chromium of this machine; none is ever downloaded. */
export function findChromium(): string | undefined {
	const folders = (process.env.PATH ?? "").split(delimiter);
	return [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), MAC].find((file) =>
		existsSync(file),
	);
}

export interface InBrowser extends EngineComparison {
	readonly version: string;
	readonly isIsolated: boolean;
	readonly hasSharedMemory: boolean;
}

export async function openChromium(executablePath: string): Promise<Browser> {
	return await chromium.launch({ executablePath, headless: true, args: FLAGS });
}

/**
 * The self-test in a page of a context of its own, asked for two threads. `isolated` sends the headers that give a page
 * SharedArrayBuffer.
 */
export async function inChromium(browser: Browser, bundle: string, isolated: boolean): Promise<InBrowser> {
	const headers = isolated
		? { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" }
		: {};
	const server = createServer((request, response) => {
		const [type, body] =
			request.url === "/selftest.mjs"
				? ["text/javascript", bundle]
				: ["text/html", "<!doctype html><title>self-test</title>"];
		response.writeHead(200, { ...headers, "content-type": `${type}; charset=utf-8` }).end(body);
	});
	try {
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const context = await browser.newContext();
		try {
			const page = await context.newPage();
			await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
			// As text, since it runs in the page and must not be compiled with helpers of ours.
			const compared = await page.evaluate(`import("/selftest.mjs").then(async ({ compareEngines }) => ({
				...(await compareEngines([{ name: "2 threads", threads: 2 }])),
				isIsolated: crossOriginIsolated,
				hasSharedMemory: typeof SharedArrayBuffer !== "undefined",
			}))`);
			return { ...(compared as InBrowser), version: browser.version() };
		} finally {
			await context.close();
		}
	} finally {
		server.closeAllConnections();
		server.close();
	}
}
