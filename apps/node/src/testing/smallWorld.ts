// A home, a base and data small enough for tests: the real node on a real chain, database and socket.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoSeed, type NodeConfig } from "../config.js";
import type { DataFile } from "../mainJob/contributeAll.js";
import { openNode } from "../openNode.js";
import { copyHome } from "./copyHome.js";
import { writeTinyBase } from "./writeTinyBase.js";

export type SmallWorld = { readonly config: NodeConfig; readonly lines: string[]; remove(): void };

/** A temporary home with a tiny base beside it; what the node logs is kept in `lines`. `isNew`: nothing in the home, not even a chain. */
export async function smallWorld({ isNew = false } = {}): Promise<SmallWorld> {
	const folder = mkdtempSync(join(tmpdir(), "openledger-node-"));
	const baseFolder = join(folder, "tiny");
	await writeTinyBase(baseFolder);
	const lines: string[] = [];
	const home = join(folder, "home");
	const config = { home, port: 0, chainId: 612055, baseFolder, seed: demoSeed };
	if (!isNew) await copyHome(home, async () => await (await openNode(config)).close());
	return {
		config: { ...config, log: (line) => lines.push(line) },
		lines,
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}

/** Enough to move numbers, far from enough to learn. */
export const tinyRecipe = { rank: 4, alpha: 8, epochs: 2, batchSize: 4, commitEvery: 2, checkpoints: [0.5, 1] };

const rows = (contributor: string, ...pairs: readonly (readonly [string, string])[]) =>
	pairs.map(([prompt, response]) => `${JSON.stringify({ contributor, prompt, response })}\n`).join("");

/** Three contributors, eleven rows to take; one exact copy, one line without an answer, one that is no JSON. */
export const smallData: readonly DataFile[] = [
	{
		name: "ada.jsonl",
		content: rows(
			"ada",
			["What is the capital of Peru?", "Lima."],
			["What is the capital of Kenya?", "Nairobi."],
			["What is the capital of Chile?", "Santiago."],
			["What is the capital of Japan?", "Tokyo."],
		),
	},
	{
		name: "bob.jsonl",
		content: `${rows(
			"bob",
			["Which river flows through Cairo?", "The Nile."],
			["Which river flows through Vienna?", "The Danube."],
			["What is the capital of Peru?", "Lima."],
			["Which river flows through Paris?", "The Seine."],
			["Which river flows through London?", "The Thames."],
		)}{"contributor":"bob","prompt":"Which river?"}\n{"contributor":\n`,
	},
	{
		name: "cleo.csv",
		content:
			'contributor,prompt,response\ncleo,Who wrote Hamlet?,William Shakespeare.\ncleo,"Who wrote ""Emma""?",Jane Austen.\ncleo,Who wrote Faust?,Goethe.\n',
	},
];
