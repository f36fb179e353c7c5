// Inspections of honest and forged runs, and the disputes that follow from them before a referee, to the juror's vote: all but the chain.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	challengerMove,
	type Game,
	openReplay,
	parseRecipe,
	readIfThere,
	type TrainerBook,
	trainAdapter,
	trainerMove,
} from "@openledger/factory";
import { createEngine, tinyBase } from "@openledger/llm";
import { type Hex, linksTree, outputLink, sha256, uint32, verifyIndexedProof } from "@openledger/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
// The referee is the factory's own test double of the contract.
import { openGame, referee } from "../../../../packages/factory/src/testing/referee.js";
import { forgeRun, writeForgedRun } from "../testing/dishonest/forgedRun.js";
import { challengerBook, judge, trainerBook } from "./books.js";
import { drawLots, type Inspection, inspectRun, type Opening, segmentsOf } from "./inspectRun.js";
import { openRunReader, type RunReader, type Submitted } from "./runReader.js";

const engine = createEngine(tinyBase());
const rows = Array.from({ length: 8 }, (_, i) => ({ prompt: `Say ${i}?`, response: `${i}.`, cluster: i }));
const recipe = parseRecipe({
	...{ rank: 4, alpha: 8, epochs: 4, batchSize: 4, learningRate: 0.01, commitEvery: 1 },
	checkpoints: [0.25, 0.5, 0.75],
});
const snapshotRoot = `0x${"ab".repeat(32)}` as const;
const replay = openReplay({ engine, rows, snapshotRoot, recipe });
const [N, LAST] = [8, 9];
const folder = await mkdtemp(join(tmpdir(), "openledger-inspect-"));
const from = (at: string) => (name: string) => readIfThere(join(at, name));
let honest: Submitted & { readonly book: TrainerBook; readonly reader: RunReader };

const look = (submitted: Submitted, reader: RunReader | undefined, segments: number | "all" = "all", n = 0) =>
	inspectRun({ replay, reader, submitted, segments, seed: sha256(uint32(n)) });

beforeAll(async () => {
	const directory = join(folder, "honest");
	const run = await trainAdapter({ engine, rows, snapshotRoot, recipe, directory });
	const output = { adapterDigest: run.adapterDigest, featuresRoot: run.featuresRoot };
	const hashes = run.chain.map(({ hash }) => hash);
	const submitted = {
		...output,
		linksRoot: linksTree(replay.start, hashes, output).root,
		runCommitment: hashes.at(-1)!,
	};
	const reader = (await openRunReader(from(directory), replay, submitted))!;
	honest = { ...submitted, reader, book: trainerBook({ replay, reader }) };
});
afterAll(async () => {
	replay.close();
	await rm(folder, { recursive: true });
});

async function forged(how: Parameters<typeof forgeRun>[1]) {
	const run = await forgeRun(replay, how);
	const at = join(folder, `forged-${how.link}-${how.op ?? "state"}`);
	await writeForgedRun(at, replay, run);
	const submitted = { ...run.output, linksRoot: run.linksRoot, runCommitment: run.chain.at(-1)!.hash };
	return { ...run, submitted, at, reader: await openRunReader(from(at), replay, submitted) };
}

/** Plays the dispute that an inspection opens; returns the jury's game and vote. */
async function dispute(
	found: Inspection,
	{ book, submitted, reader }: { book: TrainerBook; submitted: Submitted; reader?: RunReader | undefined },
) {
	if (found.holds) throw new Error("nothing to dispute");
	const { low, high, lowLink, highLink } = found.opening;
	const own = challengerBook({ replay, reader }, found.knows);
	const committed = { linksRoot: submitted.linksRoot, linkCount: LAST + 1 };
	let game: Game = openGame({ low, high, lowHash: lowLink, highHash: highLink });
	for (let traceRoot: Hex = submitted.linksRoot; ; ) {
		const move = (await trainerMove(game, book)) ?? (await challengerMove(game, own))!;
		const next = referee(game, move, committed, traceRoot);
		if (next.claimed !== undefined) return { game, vote: await judge({ replay, reader }, game) };
		({ game, traceRoot } = next);
	}
}

function opens({ low, lowLink, lowProof, high, highLink, highProof }: Opening, root: Hex): boolean {
	const at = (leaf: Hex, index: number, siblings: readonly Hex[]) =>
		index === 0 || index >= N
			? siblings.length === 0
			: verifyIndexedProof(leaf, { index, count: LAST + 1, siblings }, root);
	return at(lowLink, low, lowProof) && at(highLink, high, highProof);
}

describe("inspectRun", () => {
	test("default: an honest run holds, by lots, as a whole, and where nothing of it was published", async () => {
		expect(segmentsOf(replay)).toEqual([
			[0, 2],
			[2, 4],
			[4, 6],
			[6, 8],
			[8, 9],
		]);
		expect(await look(honest, honest.reader)).toEqual({ holds: true, links: LAST, published: true });
		expect(await look(honest, honest.reader, 2)).toMatchObject({ holds: true, published: true });
		expect(await look(honest, undefined, 2)).toEqual({ holds: true, links: LAST, published: false });
	});

	for (const how of [{ link: 1, op: 200 }, { link: 5, op: 60 }, { link: 8 }, { link: 3 }])
		test(`default: a lie at link ${how.link}, ${how.op === undefined ? "in the state" : `op ${how.op}`}, is found and lost by`, async () => {
			const run = await forged(how);
			const found = await look(run.submitted, run.reader);
			expect(found).toMatchObject({ holds: false, opening: { low: how.link - 1, high: how.link } });
			if (found.holds) return;
			expect(opens(found.opening, run.linksRoot)).toBe(true);
			const { game, vote } = await dispute(found, run);
			const linkOp = (await run.book.trace(how.link - 1)).length - 1;
			expect([game.links.low, game.ops.low, vote]).toEqual([how.link - 1, how.op ?? linkOp, 2]);
			// Without the trainer's files the same op is found, from the ends alone.
			const blind = await look(run.submitted, undefined);
			expect(blind).toMatchObject({ holds: false, opening: { low: 0, high: N, lowProof: [], highProof: [] } });
			const again = await dispute(blind, { ...run, reader: undefined });
			// A juror without files has the agreed state by its own replay.
			expect([again.game.links.low, again.game.ops.low, again.vote]).toEqual([game.links.low, game.ops.low, 2]);
		});

	test("behavior: lots find a lie exactly where they fall on its stretch, and begin at the trainer's own state", async () => {
		const run = await forged({ link: 5, op: 60 });
		const all = segmentsOf(replay);
		const lots = new Set<number>();
		for (let n = 0; n < 12; n++) {
			const found = await look(run.submitted, run.reader, 1, n);
			const [lot] = drawLots(all.length, 1, sha256(uint32(n)));
			lots.add(lot!);
			// Behind the lie everything follows from it: only the stretch with link 5 in it shows it.
			expect(found.holds).toBe(lot !== 2);
			if (!found.holds) expect(found.knows.first).toBe(4);
		}
		expect(lots.size).toBe(all.length);
	});

	test("behavior: a false adapter or false features over a true run are a lie at the last link", async () => {
		for (const lie of [{ adapterDigest: sha256(uint32(1)) }, { featuresRoot: sha256(uint32(2)) }]) {
			const output = { adapterDigest: honest.adapterDigest, featuresRoot: honest.featuresRoot, ...lie };
			const links = [...honest.book.links.slice(0, -1), outputLink(honest.runCommitment, output)];
			const submitted = { ...honest, ...output, linksRoot: linksTree(links[0]!, links.slice(1, -1), output).root };
			const reader = await openRunReader(from(join(folder, "honest")), replay, submitted);
			const found = await look(submitted, reader);
			expect(found).toMatchObject({ holds: false, opening: { low: N, high: LAST } });
			const trace = async (index: number) =>
				index === N ? [output.adapterDigest, output.featuresRoot, links[LAST]!] : honest.book.trace(index);
			const { game, vote } = await dispute(found, { book: { links, trace }, submitted, reader });
			expect([game.links.low, game.ops.low, vote]).toEqual([N, "adapterDigest" in lie ? 0 : 1, 2]);
			const blind = await look(submitted, undefined);
			expect(blind).toMatchObject({ holds: false, opening: { low: N, high: LAST } });
		}
	});

	test("behavior: whoever challenges an honest run loses, whatever it says", async () => {
		for (const [low, high] of [
			[0, N],
			[3, 4],
			[N, LAST],
		] as const) {
			const { links } = honest.book;
			const lie = { low, high, lowLink: links[low]!, highLink: links[high]!, lowProof: [], highProof: [] };
			const own = sha256(uint32(high));
			const knows = { first: low, links: [links[low]!] };
			const found = { holds: false as const, knows, opening: { ...lie, own } };
			const { vote, game } = await dispute(found, {
				book: honest.book,
				submitted: honest,
				reader: honest.reader,
			}).catch(() => ({ vote: 1, game: undefined }));
			expect(vote).toBe(1);
			if (game !== undefined) expect(game.links.high).toBe(game.links.low + 1);
		}
	});

	test("behavior: files that are not the submitted run's say nothing: the whole run is taken again", async () => {
		const run = await forged({ link: 3 });
		expect(await openRunReader(from(run.at), replay, honest)).toBeUndefined();
		expect(
			await openRunReader(async () => new TextEncoder().encode('{"chain":[{"hash":7}]}'), replay, honest),
		).toBeUndefined();
		const file = join(folder, "honest", "checkpoint-4.safetensors");
		const bytes = await readFile(file);
		await writeFile(
			file,
			bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)),
		);
		try {
			expect(await honest.reader.checkpoint(4)).toBeUndefined();
			expect(await look(honest, honest.reader, 5)).toEqual({ holds: true, links: LAST, published: false });
		} finally {
			await writeFile(file, bytes);
		}
	});
});
