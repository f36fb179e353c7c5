import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Address, Hex } from "viem";
import { expect, test } from "vitest";
import { disputeId, longestDisputeSeconds, midOf, mostMoves, traceEnd, traceEntry, traceOf } from "./dispute.js";
import { jobId, outputLink, runStartOf } from "./job.js";

const digest = (byte: string): Hex => `0x${byte.repeat(32)}`;

test("default: an entry is sha256 of tag, entry before, place and output", () => {
	const parts = (tag: string) =>
		Buffer.concat([Buffer.from(tag), Buffer.alloc(32, 1), Buffer.from("00000102", "hex"), Buffer.alloc(32, 2)]);
	const sha = (of: Buffer) => `0x${createHash("sha256").update(of).digest("hex")}`;
	expect(traceEntry(digest("01"), 258, digest("02"))).toBe(sha(parts("openledger/op/v1")));
	expect(traceEnd(digest("01"), 258, digest("02"))).toBe(sha(parts("openledger/link/v1")));
});

test("behavior: a trace leads from link to link, and one without other ops still has its two ends", () => {
	const [link, next, a, b] = ["01", "02", "0a", "0b"].map(digest) as [Hex, Hex, Hex, Hex];
	const entries = traceOf(link, [a, b], next);
	expect(entries).toEqual([
		link,
		traceEntry(link, 0, a),
		traceEntry(entries[1]!, 1, b),
		traceEnd(entries[2]!, 2, next),
	]);
	expect(traceOf(link, [], next)).toEqual([link, traceEnd(link, 0, next)]);
});

test("behavior: a link that is an earlier op's digest does not make a true entry of the trace's end", () => {
	const [link, a, b] = ["01", "0a", "0b"].map(digest) as [Hex, Hex, Hex];
	const truth = traceOf(link, [a, b], digest("02"));
	const forged = traceOf(link, [a], b);
	expect(forged.slice(0, 2)).toEqual(truth.slice(0, 2));
	expect(forged[2]).not.toBe(truth[2]);
});

test("property: halving ends within the moves that are counted for it", () => {
	for (let high = 1; high <= 600; high++) {
		for (const picks of [0, 1, 0x5555, 0x1234567]) {
			let [low, top, moves] = [0, high, 0];
			for (let k = 0; top - low > 1; k++, moves += 2) {
				if ((picks >> k) & 1) low = midOf(low, top);
				else top = midOf(low, top);
			}
			expect(moves + 42).toBeLessThanOrEqual(mostMoves(0, high));
		}
	}
});

test("behavior: a challenger has one dispute about an attempt", () => {
	const [ada, bob] = [`0x${"aa".repeat(20)}`, `0x${"bb".repeat(20)}`] as const;
	const ids = [disputeId(digest("01"), 1, ada), disputeId(digest("01"), 2, ada), disputeId(digest("01"), 1, bob)];
	expect(new Set(ids).size).toBe(3);
	expect(() => disputeId(digest("01"), -1, ada)).toThrow(expect.objectContaining({ code: "protocol/bad-number" }));
});

test("default: agrees with RunHashes.sol on what forge wrote", () => {
	const file = new URL("../../../contracts/test/vectors/compute.json", import.meta.url);
	const { cases, expected } = JSON.parse(readFileSync(file, "utf8")) as {
		cases: (Record<"salt" | "baseDigest" | "snapshotRoot" | "engineId" | "runCommitment" | "adapterDigest", Hex> &
			Record<"featuresRoot" | "entry" | "link", Hex> &
			Record<"recipe" | "attempt" | "index", string> & { poster: Address })[];
		expected: Record<"jobId" | "disputeId" | "runStart" | "outputLink" | "traceEnd", Hex>[];
	};
	expect(cases).toHaveLength(4);
	for (const [i, one] of cases.entries()) {
		const id = jobId(one.poster, one.salt);
		expect({
			jobId: id,
			disputeId: disputeId(id, Number(one.attempt), one.poster),
			runStart: runStartOf({ ...one, snapshotRoots: [one.snapshotRoot] }),
			outputLink: outputLink(one.runCommitment, one),
			traceEnd: traceEnd(one.entry, Number(one.index), one.link),
		}).toEqual(expected[i]);
	}
});

test("default: counts the moves that Disputes.sol counts", () => {
	// contracts/test/compute/Disputes.t.sol: spans of one and of seven intervals.
	expect(mostMoves(3, 4)).toBe(42);
	expect(mostMoves(0, 7)).toBe(6 + 42);
	const [hour, day] = [3600n, 86_400n];
	const terms = { disputeMoveSeconds: 6n * hour, voteCommitSeconds: day, voteRevealSeconds: day };
	expect(longestDisputeSeconds(3, 4, terms)).toBe((42n + 5n) * 6n * hour + 4n * day);
	expect(longestDisputeSeconds(0, 7, terms)).toBe((6n + 42n + 5n) * 6n * hour + 4n * day);
	// The longest job and its longest dispute end while the stake pool holds leaving stake for locks: three unbonding times.
	expect(14n * day + day + longestDisputeSeconds(0, 2 ** 20 + 1, terms)).toBeLessThan(3n * 14n * day);
});
