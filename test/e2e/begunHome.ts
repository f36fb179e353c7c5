// A home that `openledger up` began and ended once in this run of tests, copied: making its database and deploying the contracts takes a
// processor six seconds. demo.test.ts begins one from nothing.

import { copyMade } from "../../apps/node/src/testing/copyMade.js";
import { type Ended, lastLine, type Running, start, temporaryHome } from "./openledger.js";

/** A folder for a test's home, with a node's home in it that nobody used yet; removed by `remove`. */
export async function begunHome(): Promise<ReturnType<typeof temporaryHome>> {
	const own = temporaryHome();
	await copyMade("up", own.home, async () => {
		const ended = await end(await up(own.home));
		if (ended?.code !== 0) throw new Error(`up ended with ${ended?.code}:\n${ended?.stderr}`);
	});
	return own;
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
export async function end(node: Running | undefined): Promise<Ended | undefined> {
	node?.process.kill("SIGINT");
	return await node?.ended;
}
