// Finds the node that a command talks to: the one named, the one running in the home, or one started here for this command.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CliConfig } from "../config.js";
import type { Terminal } from "../output/terminal.js";
import { type Api, openApi } from "./api.js";

const ALIVE_MS = 3000;

/** Calls `work` with the node's API; a node that had to be started is closed afterwards. */
export async function withNode<T>(config: CliConfig, terminal: Terminal, work: (api: Api) => Promise<T>): Promise<T> {
	const { home, url } = config;
	const token = () => config.token ?? readToken(home);
	if (url !== undefined) return await work(openApi({ url: url.replace(/\/+$/, ""), home, token }));
	const running = await findRunning(home);
	if (running !== undefined) return await work(openApi({ url: running, home, token }));
	if (terminal.isLive)
		terminal.live(terminal.noteStyle.dim(`no node is running in ${home}; starting one for this command …`));
	const { openNode, readConfig } = await import("@openledger/node");
	const node = await openNode(readConfig({ home, port: 0 }));
	try {
		const served = await node.serve();
		terminal.live(undefined);
		return await work(openApi({ url: served.url, home, token }));
	} finally {
		await node.close();
	}
}

/** Where the node of a home listens; a killed node leaves its file behind, so the address is asked first. */
export async function findRunning(home: string): Promise<string | undefined> {
	let url: unknown;
	try {
		url = (JSON.parse(readFileSync(join(home, "node.json"), "utf8")) as { url?: unknown }).url;
	} catch {
		return undefined;
	}
	if (typeof url !== "string") return undefined;
	const alive = await fetch(`${url}/health`, { signal: AbortSignal.timeout(ALIVE_MS) }).catch(() => undefined);
	return alive?.ok ? url : undefined;
}

function readToken(home: string): string | undefined {
	try {
		return readFileSync(join(home, "admin-token"), "utf8").trim();
	} catch {
		return undefined;
	}
}
