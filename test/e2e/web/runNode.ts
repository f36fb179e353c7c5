// Real nodes as processes of their own: started, ended in order, killed.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { NodeConfig } from "../../../apps/node/src/config.js";
import { bundlePrograms } from "../bundlePrograms.js";

export type RunningNode = {
	readonly url: string;
	/** What the node prints behind its address: whoever has it may change things. */
	readonly token: string;
	/** Waits until it has closed everything. */
	close(): Promise<void>;
	/** At once, as by a machine that loses power. */
	kill(): Promise<void>;
};

export type NodePrograms = {
	start(config: NodeConfig, options?: { readonly mainJob?: boolean }): Promise<RunningNode>;
	/** Ends all that still run. */
	close(): Promise<void>;
};

/** For as many nodes as are started; bundles their program where none is given. */
export async function nodePrograms(program?: string): Promise<NodePrograms> {
	const bundled = program === undefined ? await bundlePrograms({ node: "test/e2e/web/nodeProgram.ts" }) : undefined;
	const file = program ?? bundled!.files.node;
	const running = new Set<RunningNode>();
	return {
		async start(config, { mainJob = false } = {}) {
			const args = [file, JSON.stringify(config), mainJob ? "main-job" : ""];
			const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
			const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
			const url = await new Promise<string>((resolve, reject) => {
				createInterface({ input: child.stdout }).once("line", resolve);
				child.once("exit", (code) => reject(new Error(`the node ended with ${code} before it listened`)));
			});
			const end = async (how: () => void) => {
				running.delete(node);
				how();
				await ended;
			};
			const node: RunningNode = {
				url,
				token: readFileSync(join(config.home, "admin-token"), "utf8").trim(),
				close: () => end(() => child.stdin.end()),
				kill: () => end(() => child.kill("SIGKILL")),
			};
			running.add(node);
			return node;
		},
		async close() {
			await Promise.all([...running].map((node) => node.close()));
			bundled?.remove();
		},
	};
}
