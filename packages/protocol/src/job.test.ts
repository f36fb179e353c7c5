import { createHash } from "node:crypto";
import { concatHex, type Hex, keccak256 } from "viem";
import { expect, test } from "vitest";
import { jobId, jobSnapshotRoot, leastJobStakeWei, linksTree, outputLink, runStartOf } from "./job.js";

const digest = (byte: string): Hex => `0x${byte.repeat(32)}`;
const sha = (...parts: (string | Buffer)[]): Hex => {
	const hash = createHash("sha256");
	for (const part of parts) hash.update(part);
	return `0x${hash.digest("hex")}`;
};
const bytes = (hex: Hex) => Buffer.from(hex.slice(2), "hex");
const run = { baseDigest: digest("0a"), snapshotRoots: [digest("0b")], recipe: '{"rank":4}', engineId: digest("0c") };

test("default: the first link is sha256 over the run's inputs, a line each", () => {
	const text = ["openledger-run", digest("0a"), digest("0b"), '{"rank":4}', digest("0c")].join("\n");
	expect(runStartOf(run)).toBe(sha(text));
});

test("behavior: several snapshots count in their order, and each thing changes the start", () => {
	const [a, b] = [digest("01"), digest("02")];
	expect(jobSnapshotRoot([a, b])).toBe(keccak256(concatHex([a, b])));
	const starts = [
		run,
		{ ...run, baseDigest: a },
		{ ...run, snapshotRoots: [a, b] },
		{ ...run, snapshotRoots: [b, a] },
		{ ...run, recipe: '{"rank":5}' },
		{ ...run, engineId: a },
	].map(runStartOf);
	expect(new Set(starts).size).toBe(starts.length);
	expect(() => jobSnapshotRoot([])).toThrow(expect.objectContaining({ code: "protocol/bad-number" }));
});

test("behavior: the output link binds adapter and features, and stands last in the tree of links", () => {
	const output = { adapterDigest: digest("0d"), featuresRoot: digest("0e") };
	const last = sha("openledger/run-output/v1", bytes(digest("02")), bytes(digest("0d")), bytes(digest("0e")));
	expect(outputLink(digest("02"), output)).toBe(last);
	const tree = linksTree(digest("00"), [digest("01"), digest("02")], output);
	expect(tree.links).toEqual([digest("00"), digest("01"), digest("02"), last]);
	const pair = (left: Hex, right: Hex) => keccak256(concatHex([left, right]));
	expect(tree.root).toBe(pair(pair(digest("00"), digest("01")), pair(digest("02"), last)));
});

test("behavior: a poster's salts give ids that nobody else can take", () => {
	const [ada, bob] = [`0x${"aa".repeat(20)}`, `0x${"bb".repeat(20)}`] as const;
	const ids = [jobId(ada, digest("01")), jobId(ada, digest("02")), jobId(bob, digest("01"))];
	expect(new Set(ids).size).toBe(3);
});

test("default: the least stake is the contract's, to the wei", () => {
	// contracts/test/compute/TrainingJobs.t.sol, test_leastStake_….
	const open = 10n ** 18n;
	const terms = { disputeBondWei: 1000n * open, jurySize: 5n, appealJurySize: 11n, jurorFeeWei: 10n * open };
	expect(leastJobStakeWei({ ...terms, slashChallengerPpm: 500_000n })).toBe(1000n * open);
	const dear = { ...terms, jurorFeeWei: 1000n * open };
	expect(leastJobStakeWei({ ...dear, slashChallengerPpm: 500_000n })).toBe(32_000n * open);
	expect(leastJobStakeWei({ ...dear, slashChallengerPpm: 100_000n })).toBe(160_000n * open);
	expect(leastJobStakeWei({ ...dear, slashChallengerPpm: 600_000n })).toBe(26_666_666_666_666_666_666_667n);
	expect(leastJobStakeWei({ ...dear, slashChallengerPpm: 0n })).toBe(1000n * open);
});
