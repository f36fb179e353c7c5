// Both players against a referee that knows no runs, on made-up runs forged in every way that can be thought of: who is right wins, the op that
// is found is the first that differs (found by looking at all of them), and it takes as many rounds as a bisection takes.

import { type DisputeMove, type Hex, indexedRoot, sha256, utf8 } from "@openledger/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openGame, referee } from "../testing/referee.js";
import type { Game } from "./game.js";
import { type ChallengerBook, challengerMove, type TrainerBook, trainerMove, verdictOn } from "./moves.js";
import { traceEntries } from "./opTrace.js";

const word = (...parts: readonly (string | number)[]): Hex => sha256(utf8(parts.join(" ")));

interface Run {
	readonly links: readonly Hex[];
	/** Digests by interval; the last of each is the next link. */
	readonly traces: readonly (readonly Hex[])[];
}

const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 20 });

function trueRun(ops: readonly number[]): Run {
	const links = Array.from({ length: ops.length + 1 }, (_, j) => word("link", j));
	const traces = ops.map((n, j) => [...Array.from({ length: n - 1 }, (_, i) => word("op", j, i)), links[j + 1]!]);
	return { links, traces };
}

/** How a trainer may lie: from a link on, with a trace that parts at an op (-1: only at the link), perhaps cut or drawn out. */
const forgeries = fc.record({
	link: fc.nat(),
	op: fc.integer({ min: -1, max: 60 }),
	stretch: fc.integer({ min: -5, max: 5 }),
	/** Whether later ops are right again, which only a liar's trace can have. */
	heals: fc.boolean(),
});
type Forgery = typeof forgeries extends fc.Arbitrary<infer T> ? T : never;

function forgedRun(run: Run, { link, op, stretch, heals }: Forgery): Run & { readonly from: number } {
	const from = 1 + (link % (run.links.length - 1));
	const links = run.links.map((hash, j) => (j < from ? hash : word("forged link", j)));
	const traces = run.traces.map((digests, j) => {
		if (j < from - 1) return digests;
		const body = digests.slice(0, -1);
		const length = Math.max(0, body.length + stretch);
		const own = Array.from({ length }, (_, i) => body[i] ?? word("more", j, i));
		const at = op < 0 ? length : Math.min(op, length);
		return [...own.map((d, i) => (i === at || (i > at && !heals) ? word("lie", j, i) : d)), links[j + 1]!];
	});
	return { links, traces, from };
}

const bookOf = ({ links, traces }: Run): TrainerBook => ({ links, trace: async (index) => traces[index]! });
const honest = ({ links, traces }: Run): ChallengerBook => ({
	agrees: (index, link) => links[index] === link,
	trace: async (index) => traces[index]!,
});

/** Plays to the jury's call. */
async function play(start: Game, links: readonly Hex[], trainer: TrainerBook, challenger: ChallengerBook) {
	const committed = { linksRoot: indexedRoot(links), linkCount: links.length };
	let [game, traceRoot, rounds]: [Game, Hex, number] = [start, word("no trace"), 0];
	for (;;) {
		const moves: (DisputeMove | undefined)[] = [
			await trainerMove(game, trainer),
			await challengerMove(game, challenger),
		];
		expect(moves.filter((move) => move !== undefined)).toHaveLength(1);
		const next = referee(game, moves.find((move) => move !== undefined)!, committed, traceRoot);
		if (next.claimed !== undefined) return { game, claimed: next.claimed, rounds };
		({ game, traceRoot } = next);
		rounds++;
	}
}

const whole = (run: Run) => {
	const high = run.links.length - 1;
	return openGame({ low: 0, high, lowHash: run.links[0]!, highHash: run.links[high]! });
};

describe("moves", () => {
	test("default: a false run loses at the first op that differs, however it is forged", async () => {
		await fc.assert(
			fc.asyncProperty(lengths, forgeries, async (ops, how) => {
				const run = trueRun(ops);
				const forged = forgedRun(run, how);
				const { game, claimed } = await play(whole(forged), forged.links, bookOf(forged), honest(run));
				const { links, ops: found } = game;
				expect([links.low, links.high]).toEqual([forged.from - 1, forged.from]);
				expect(verdictOn(game, run.traces[links.low])).toBe(2);
				// What a bisection of entries finds is a first difference: agreed before, and not the same after.
				const [own, theirs] = [run, forged].map((r) => traceEntries(links.lowHash, r.traces[links.low]!));
				const first = theirs!.findIndex((entry, i) => entry !== own![i]);
				expect(found.high).toBe(first);
				expect(claimed).toBe(own![first] ?? `0x${"00".repeat(32)}`);
			}),
			{ numRuns: 100, seed: 6 },
		);
	});

	test("default: an honest trainer wins against any answers", async () => {
		await fc.assert(
			fc.asyncProperty(lengths, fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), async (ops, answers) => {
				const run = trueRun(ops);
				let asked = 0;
				const whim = () => answers[asked++ % answers.length]!;
				const liar: ChallengerBook = {
					agrees: whim,
					// Agrees to an entry or not, as it likes, by a trace that is right until somewhere.
					trace: async (index) => run.traces[index]!.map((d, i) => (whim() ? d : word("lie", i))),
				};
				const high = run.links.length - 1;
				const { game } = await play(whole(run), run.links, bookOf(run), {
					...liar,
					agrees: (index, link) => index < high && liar.agrees(index, link),
				}).catch((error: Error) => {
					// A liar whose entry is the trainer's after all has nothing to claim.
					expect(error.message).toMatch(/names the trainer's own entry/);
					return { game: undefined };
				});
				if (game !== undefined) expect(verdictOn(game, run.traces[game.links.low])).toBe(1);
			}),
			{ numRuns: 100, seed: 7 },
		);
	});

	test("behavior: rounds grow with the logarithm", async () => {
		const run = trueRun(Array.from({ length: 200 }, (_, j) => (j === 76 ? 1000 : 2)));
		const forged = forgedRun(run, { link: 76, op: 613, stretch: 0, heals: true });
		const { rounds, game } = await play(whole(forged), forged.links, bookOf(forged), honest(run));
		expect([game.links.low, game.ops.low]).toEqual([76, 613]);
		expect(rounds).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(200)) + 1 + 2 * Math.ceil(Math.log2(1000)));
	});

	test("behavior: whoever has replayed one stretch alone wins from there", async () => {
		const run = trueRun([5, 9, 4, 7, 6]);
		const forged = forgedRun(run, { link: 2, op: 1, stretch: 0, heals: false });
		const [low, high] = [forged.from - 1, forged.from];
		const start = openGame({ low, high, lowHash: forged.links[low]!, highHash: forged.links[high]! });
		const { game, rounds } = await play(start, forged.links, bookOf(forged), honest(run));
		expect([game.ops.low, verdictOn(game, run.traces[low])]).toEqual([1, 2]);
		expect(rounds).toBeLessThan(8);
	});

	test("behavior: without a state for the agreed link the trainer has not shown its run", async () => {
		const run = trueRun([3, 3]);
		expect(verdictOn(whole(run), undefined)).toBe(2);
	});
});
