// node.json in the home: where the running node listens, for commands that want to talk to it. No secrets.

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export type NodeFile = { readonly pid: number; readonly url: string };

export function writeNodeFile(home: string, content: NodeFile): void {
	const file = join(home, "node.json");
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(`${file}.new`, `${JSON.stringify(content)}\n`);
	renameSync(`${file}.new`, file);
}

/** What is written there; a killed node leaves its file behind, so ask `url` before believing it. */
export function readNodeFile(home: string): NodeFile | undefined {
	try {
		const { pid, url } = JSON.parse(readFileSync(join(home, "node.json"), "utf8")) as Partial<NodeFile>;
		return typeof pid === "number" && typeof url === "string" ? { pid, url } : undefined;
	} catch {
		return undefined;
	}
}

export function removeNodeFile(home: string): void {
	rmSync(join(home, "node.json"), { force: true });
}
