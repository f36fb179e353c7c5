// `npm run demo -- --data FILE --json`, as a program: what it prints, that it cleans up, that it does what it did on every machine before.

import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, lastLine, openledger, riverRows } from "./openledger.js";

type Report = {
	readonly [name: string]: unknown;
	readonly asked: readonly {
		readonly prompt: string;
		readonly response: string;
		readonly receiptId: string;
		readonly shares: readonly { readonly contributor: string; readonly ppm: number }[];
	}[];
};

/** Of `rivers.jsonl`, trained on and asked by this engine; to be put anew only with an engine, a base or a recipe that is meant to differ. */
const GOLDEN = {
	engineId: "0x613a09a6d6cf9ddde56e55e90682f58660f3dcc41758de03ca2e5cbc7a507100",
	adapterDigest: "0x78b7acb1736e636f37ab45f17c98e538d3e68f51d2497a6a8b80c4837dca1f61",
	answers: "007ceb37a28fb5c752f73d526d71df5c278bb2ca98c8af60c3f64847d22dde1a",
};

// The demo makes its home in here, so what is left behind can be seen.
const temporary = mkdtempSync(join(tmpdir(), "openledger-e2e-"));
let first: Ended;
beforeAll(async () => {
	first = await openledger(["demo", "--data", riverRows, "--json"], { TMPDIR: temporary });
}, 240_000);
afterAll(() => rmSync(temporary, { recursive: true, force: true }));
const reportOf = ({ stdout }: Ended) => JSON.parse(lastLine(stdout)) as Report;

test("default: the report has everything, and contributors got to the wei what was theirs", () => {
	expect([first.code, first.stderr.includes("error")], first.stderr).toEqual([0, false]);
	expect(first.stdout.trimEnd().split("\n")).toHaveLength(1);
	const report = reportOf(first);
	expect(report).toMatchObject({ rows: 22, rejected: 2, contributors: 3 });
	for (const digest of ["engineId", "baseDigest", "snapshotRoot", "adapterDigest", "receiptRoot"]) {
		expect(report[digest], digest).toMatch(/^0x[0-9a-f]{64}$/);
	}
	expect(report.paidWei).toMatch(/^[1-9]\d*$/);
	expect(report.claimedWei).toBe(report.paidWei);
	expect(Object.keys(report.seconds as object).sort()).toEqual(["chain", "serve", "settle", "total", "train"]);
	expect(report.asked).toHaveLength(22);
	expect(new Set(report.asked.map(({ receiptId }) => receiptId)).size).toBe(22);
	for (const { shares } of report.asked) {
		// What is left of the million is the pool's.
		const earned = shares.reduce((sum, { ppm }) => sum + ppm, 0);
		expect(earned).toBeGreaterThan(0);
		expect(earned).toBeLessThanOrEqual(1_000_000);
	}
});

// Not the same snapshot: a salt that followed from the seed could not be destroyed with its row.
test("behavior: adapter, answers and shares are those of every run on every machine", () => {
	const { engineId, adapterDigest, asked } = reportOf(first);
	const told = asked.map(({ prompt, response, shares }) => ({ prompt, response, shares }));
	const answers = createHash("sha256").update(JSON.stringify(told)).digest("hex");
	expect({ engineId, adapterDigest, answers }, JSON.stringify(told, undefined, 1)).toEqual(GOLDEN);
});

test("behavior: the temporary homes are gone", () => {
	expect(readdirSync(temporary).filter((name) => name.startsWith("openledger-demo-"))).toEqual([]);
});

test("behavior: data that cannot be used is refused with what would be right, before anything begins", async () => {
	const bad = join(temporary, "bad.jsonl");
	writeFileSync(
		bad,
		Buffer.concat([Buffer.from('{"contributor":"a","prompt":"'), Buffer.from([0xff]), Buffer.from('"}\n')]),
	);
	const missing = await openledger(["demo", "--data", join(temporary, "none.jsonl"), "--json"]);
	expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining("there is no such file")]);
	expect(JSON.parse(lastLine(missing.stdout))).toMatchObject({ error: { code: "cli/unusable-file" } });
	const unusable = await openledger(["demo", "--data", bad], { TMPDIR: temporary });
	expect([unusable.code, unusable.stderr]).toEqual([2, expect.stringMatching(/no usable row.*line 1/)]);
	expect(readdirSync(temporary).filter((name) => name.startsWith("openledger-demo-"))).toEqual([]);
});
