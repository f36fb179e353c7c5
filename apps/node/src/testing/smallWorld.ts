// A home, a base and data small enough for tests: the real node on a real chain, database and socket.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoSeed, type NodeConfig } from "../config.js";
import { contributeAll, type DataFile } from "../mainJob/contributeAll.js";
import { runMainJob } from "../mainJob/runMainJob.js";
import { type OpenNode, openNode } from "../openNode.js";
import { copyMade } from "./copyMade.js";
import { newDatabase } from "./newDatabase.js";
import { writeTinyBase } from "./writeTinyBase.js";

export type SmallWorld = { readonly config: NodeConfig; readonly lines: string[]; remove(): void };

/**
 * How far a home has come: nothing in it, not even a chain; contracts deployed; the rows of `smallData` contributed; `smallJob` done. Done
 * once in a run of tests, and copied.
 */
export type Stage = "nothing" | "begun" | "contributed" | "settled";

const steps: Readonly<Record<Exclude<Stage, "nothing">, (node: OpenNode) => Promise<unknown>>> = {
	begun: async () => {},
	contributed: (node) => contributeAll(node.parts, "world", smallData, () => {}),
	settled: (node) => runMainJob(node, smallJob),
};
const before: Readonly<Record<Stage, Stage>> = {
	nothing: "nothing",
	begun: "nothing",
	contributed: "begun",
	settled: "contributed",
};

/** A temporary home with a tiny base beside it; what the node logs is kept in `lines`. */
export async function smallWorld({ stage = "begun" as Stage } = {}): Promise<SmallWorld> {
	const folder = mkdtempSync(join(tmpdir(), "openledger-node-"));
	const baseFolder = join(folder, "tiny");
	await copyMade("tiny", baseFolder, () => writeTinyBase(baseFolder));
	const lines: string[] = [];
	const config = { home: join(folder, "home"), port: 0, chainId: 612055, baseFolder, seed: demoSeed };
	await bringTo(stage, config);
	return {
		config: { ...config, log: (line) => lines.push(line) },
		lines,
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}

async function bringTo(stage: Stage, config: NodeConfig): Promise<void> {
	if (stage === "nothing") return;
	await copyMade(`home-${stage}`, config.home, async () => {
		if (stage === "begun") await newDatabase(join(config.home, "database"));
		await bringTo(before[stage], config);
		const node = await openNode(config);
		try {
			await steps[stage](node);
		} finally {
			await node.close();
		}
	});
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

/** The main job on these data, with two answers in its one epoch. */
export const smallJob = {
	data: smallData,
	recipe: tinyRecipe,
	questions: [{ prompt: "Who wrote Hamlet?" }, { prompt: "What is the capital of Peru?" }],
};
