// Plays one datanet through the real rooms: intake, training, answers, attribution, shares. It must not know what an attack is.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAttributor, METHOD } from "@openledger/attribution";
import { intake } from "@openledger/datanet";
import { parseRecipe, trainAdapter } from "@openledger/factory";
import { createEngine, type Engine, GREEDY, loadBase } from "@openledger/llm";
import { canonicalJson, sha256, utf8 } from "@openledger/protocol";
import { createMachine } from "@openledger/tensor";
import { nativeForBench } from "../../native.js";
import { kept } from "../keep.js";
import type { PartOptions } from "../part.js";
import type { Said } from "./disguise.js";
import { type RuleName, rules } from "./rules.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const MOST_TOKENS = 24;

export interface Offered extends Said {
	readonly account: string;
}

export interface Outcome {
	/** Offered rows by what became of them; `joined` rows are kept in a cluster that was there. */
	readonly offered: Readonly<
		Record<string, { readonly refused: number; readonly joined: number; readonly own: number }>
	>;
	/** By account and rule: parts of all that contributors were paid with, the pool's included; 1 is all questions' money. */
	readonly paid: Readonly<Record<RuleName, Readonly<Record<string, number>>>>;
	/** By accepted row: whose, which of the offered ones, and what it was paid by the rule in force. */
	readonly rows: readonly { readonly offered: number; readonly paid: number }[];
	/** Of the questions, how many were answered as the row says. */
	readonly exact: number;
}

export interface Question {
	readonly prompt: string;
	readonly expected: string;
}

export interface PlayOptions {
	/** Fields of the recipe that are changed. */
	readonly recipe?: object | undefined;
	readonly asked?: readonly Question[] | undefined;
}

export interface Arena {
	readonly honest: readonly Offered[];
	readonly questions: readonly Question[];
	/** Trains on what is offered and asks; `asked` stands for the arena's own questions. */
	play(name: string, offered: readonly Offered[], options?: PlayOptions): Promise<Outcome>;
}

/** The shipped rows in the order of their files; only the first files if so many are named. */
export function shippedRows(files = Number.POSITIVE_INFINITY): Offered[] {
	const folder = join(root, "examples", "world");
	return readdirSync(folder)
		.filter((file) => file.endsWith(".jsonl"))
		.sort()
		.slice(0, files)
		.flatMap((file) => readFileSync(join(folder, file), "utf8").trim().split("\n"))
		.map((line) => JSON.parse(line) as Said & { readonly contributor: string })
		.map(({ contributor, prompt, response }) => ({ account: contributor, prompt, response }));
}

export async function openArena(
	{ keep, log }: PartOptions,
	honest: readonly Offered[],
	questions: readonly Question[],
	recipe: object,
): Promise<Arena> {
	const native = await nativeForBench();
	const base = await loadBase(join(root, "models", "ember"));
	const engine = createEngine(base, createMachine(native === undefined ? {} : { kernels: native.source }));
	return {
		honest,
		questions,
		play: (name, offered, { recipe: more = {}, asked = questions } = {}) =>
			kept(
				keep,
				name.replaceAll(/[^\w]+/g, "-"),
				[base.digest, METHOD, recipe, more, offered, asked, Object.keys(rules)],
				async () => {
					const from = process.cpuUsage();
					const outcome = await playOnce(engine, keep, offered, asked, { ...recipe, ...more });
					log(`attacks: ${name}: ${Math.round(process.cpuUsage(from).user / 1e6)} s of processor time`);
					return outcome;
				},
			),
	};
}

async function playOnce(
	engine: Engine,
	keep: string,
	offered: readonly Offered[],
	questions: readonly Question[],
	recipe: object,
): Promise<Outcome> {
	const { accepted, rejected } = intake(
		offered.map((row, line) => ({ line, prompt: row.prompt, response: row.response })),
		[],
	);
	// Who contributed a row is no part of what is trained, so accounts that split share a run.
	const text = accepted.map(({ prompt, response, cluster }) => ({ prompt, response, cluster }));
	const digest = sha256(utf8(canonicalJson({ text, recipe: { ...recipe } } as never)));
	const run = await trainAdapter({
		engine,
		rows: text,
		snapshotRoot: digest,
		recipe: parseRecipe(recipe),
		directory: join(keep, "runs", digest.slice(2, 18)),
	});
	const rows = accepted.map(({ line, cluster }) => ({ contributor: addressOf(offered[line]!.account), cluster }));
	const attributor = createAttributor(engine, run, rows);
	const byRow = Object.fromEntries(Object.keys(rules).map((rule) => [rule, new Float64Array(rows.length)])) as Record<
		RuleName,
		Float64Array
	>;
	let exact = 0;
	try {
		for (const { prompt, expected } of questions) {
			const messages = [{ role: "user" as const, content: prompt }];
			const said = engine.generate({ messages, maxTokens: MOST_TOKENS, sampling: GREEDY }, run.adapter);
			if (said.text.trim() === expected.trim()) exact++;
			const { promptTokens, responseTokens } = said;
			const attribution = attributor.attribute({ promptTokens, responseTokens });
			for (const [rule, pay] of Object.entries(rules) as [RuleName, (typeof rules)[RuleName]][])
				for (const { row, sharePpm } of pay(attribution, rows)) byRow[rule][row]! += sharePpm / 1e6 / questions.length;
		}
	} finally {
		attributor.close();
	}
	const paid = Object.fromEntries(
		Object.entries(byRow).map(([rule, parts]) => {
			const sums: Record<string, number> = {};
			accepted.forEach(({ line }, row) => {
				const { account } = offered[line]!;
				sums[account] = (sums[account] ?? 0) + parts[row]!;
			});
			return [rule, sums];
		}),
	) as Outcome["paid"];
	const refused = new Set(rejected.map(({ line }) => line));
	const heads = new Set<number>();
	const joined = new Set<number>();
	for (const { line, cluster } of accepted) {
		if (heads.has(cluster)) joined.add(line);
		heads.add(cluster);
	}
	const became: Record<string, { refused: number; joined: number; own: number }> = {};
	offered.forEach(({ account }, line) => {
		became[account] ??= { refused: 0, joined: 0, own: 0 };
		became[account][refused.has(line) ? "refused" : joined.has(line) ? "joined" : "own"]++;
	});
	return {
		offered: became,
		paid,
		rows: accepted.map(({ line }, row) => ({ offered: line, paid: byRow.ours[row]! })),
		exact,
	};
}

function addressOf(account: string): `0x${string}` {
	return `0x${sha256(utf8(account)).slice(2, 42)}`;
}
