// A home that `openledger up` began and ended once in this run of tests, copied: making its database and deploying the contracts takes a
// processor six seconds. demo.test.ts begins one from nothing.

import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { lastLine, type Running, start, temporaryHome } from "./openledger.js";

const WAIT_MS = 120_000;

/** A folder for a test's home, with a node's home in it that nobody used yet; removed by `remove`. */
export async function begunHome(): Promise<ReturnType<typeof temporaryHome>> {
	const own = temporaryHome();
	const template = join(process.env.OPENLEDGER_TEST_TEMPLATE!, "up");
	// Two files that begin at once would both make it.
	const end = Date.now() + WAIT_MS;
	while (!existsSync(template) && !isFirst(`${template}-making`) && Date.now() < end)
		await new Promise((done) => setTimeout(done, 100));
	if (!existsSync(template)) await begin(template);
	cpSync(template, own.home, { recursive: true });
	return own;
}

function isFirst(marker: string): boolean {
	try {
		mkdirSync(marker);
		return true;
	} catch {
		return false;
	}
}

async function begin(template: string): Promise<void> {
	const made = temporaryHome();
	const node = await up(made.home);
	await end(node);
	cpSync(made.home, `${template}-${process.pid}`, { recursive: true });
	made.remove();
	try {
		renameSync(`${template}-${process.pid}`, template);
	} catch (error) {
		// Another was quicker; theirs is as good.
		if (!existsSync(template)) throw error;
		rmSync(`${template}-${process.pid}`, { recursive: true });
	}
}

export type Up = Running & { readonly url: string };

/** `openledger up` on a home, once it says where it listens. */
export async function up(home: string, ...flags: string[]): Promise<Up> {
	const node = start(["up", "--home", home, "--port", "0", "--json", ...flags]);
	return { ...node, url: (JSON.parse(await firstLine(node)) as { url: string }).url };
}

/** What a command prints first; throws what it said if it ends without. */
export async function firstLine(running: Running): Promise<string> {
	const line = new Promise<string>((resolve) => {
		running.process.stdout.once("data", (text: string) => resolve(lastLine(text)));
	});
	const first = await Promise.race([line, running.ended]);
	if (typeof first === "string") return first;
	throw new Error(`it ended with ${first.code}:\n${first.stderr}`);
}

/** Ctrl-C, and its end. */
export async function end(node: Running | undefined): Promise<void> {
	node?.process.kill("SIGINT");
	await node?.ended;
}
