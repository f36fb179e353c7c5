import { cumulativeTree, type RootClaim, splitFee } from "@openledger/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkEpoch, type EpochBlob, type EpochContext, earnEpoch, encodeEpochBlob, epochClaim } from "../index.js";
import { contextOf, digest, epochOf, erasedRow, POOL, person, SNAPSHOT, signed, terms } from "../testing/smallEpoch.js";

const MILLI = 10n ** 15n;
const receipts = await Promise.all([
	signed("one", {
		fee: 5n * MILLI + 3n,
		rows: [
			[2, 1, 700_000],
			[5, 2, 0],
			[9, 1, 200_001],
		],
	}),
	signed("two", { fee: 2n * MILLI + 7n, rows: [] }),
	signed("three", {
		fee: 9n * MILLI,
		rows: [
			[1, 3, 333_333],
			[4, 2, 333_333],
		],
	}),
]);
const check = (blob: EpochBlob, claim: RootClaim, context: Partial<EpochContext> = {}) =>
	checkEpoch(blob, encodeEpochBlob(blob), claim, contextOf(context));
const kinds = async (...given: Parameters<typeof check>) => [
	...new Set((await check(...given)).map(({ kind }) => kind)),
];

test("default: an honest epoch has no fault, nor the one after it", async () => {
	const first = await epochOf([receipts[0]!, receipts[1]!]);
	const { claim } = epochClaim(first);
	expect(await check(first, claim)).toEqual([]);
	expect(claim.totalCumulativeWei).toBe(first.earnings.reduce((sum, { cumulativeWei }) => sum + cumulativeWei, 0n));
	const second = await epochOf([receipts[2]!], { epoch: 2n, before: first.earnings });
	expect(await check(second, epochClaim(second).claim, { before: first.earnings })).toEqual([]);
});

test("behavior: every wei of the contributors' part is somebody's, and the pool has what no row earned", () => {
	fc.assert(
		fc.property(
			fc.array(
				fc.record({
					fee: fc.bigInt(MILLI, 10n ** 24n),
					ppm: fc.array(fc.nat(15_000), { maxLength: 64 }),
				}),
				{ maxLength: 8 },
			),
			fc.nat(63),
			(list, gone) => {
				const paid = list.map(({ fee, ppm }) => ({
					receipt: { modelId: digest("model"), snapshotRoot: SNAPSHOT, feeWei: fee },
					counted: ppm.map((sharePpm, row) => ({ row, contributor: person(row % 5), sharePpm })),
				}));
				const given = { before: [], receipts: paid, termsOf: contextOf().modelOf, pool: POOL };
				const earned = earnEpoch({ ...given, erased: [] });
				const sum = (all: typeof earned) => all.reduce((total, { cumulativeWei }) => total + cumulativeWei, 0n);
				const due = list.reduce((total, { fee }) => total + splitFee(fee, MILLI, terms.split).contributors, 0n);
				expect(sum(earned)).toBe(due);
				// An erased row's part goes to the pool to the wei, and nobody else's changes.
				const after = earnEpoch({ ...given, erased: [{ ...erasedRow(0), row: gone }] });
				expect(sum(after)).toBe(due);
				const of = (all: typeof earned, who: string) => all.find(({ account }) => account === who)?.cumulativeWei ?? 0n;
				for (const who of [0, 1, 2, 3, 4])
					if (who !== gone % 5) expect(of(after, person(who))).toBe(of(earned, person(who)));
				expect(of(after, POOL) - of(earned, POOL)).toBe(of(earned, person(gone % 5)) - of(after, person(gone % 5)));
			},
		),
	);
});

test("behavior: each lie is found, and named by what shows it", async () => {
	const before = (await epochOf([receipts[2]!])).earnings;
	const honest = await epochOf([receipts[0]!, receipts[1]!], { epoch: 2n, before });
	const { claim } = epochClaim(honest);
	const context = { before };
	const lie = (earnings: EpochBlob["earnings"]) => {
		const blob = { ...honest, earnings };
		return [blob, epochClaim(blob).claim, context] as const;
	};
	expect(await kinds(honest, { ...claim, totalCumulativeWei: claim.totalCumulativeWei + 1n }, context)).toEqual([
		"total",
	]);
	const more = honest.earnings.map((one, i) => (i === 0 ? { ...one, cumulativeWei: one.cumulativeWei + 5n } : one));
	expect(await kinds(...lie(more))).toEqual(["earnings"]);
	const three = person(3);
	expect(await kinds(...lie(honest.earnings.filter(({ account }) => account !== three)))).toEqual([
		"missing",
		"earnings",
	]);
	const less = honest.earnings.map((one) => (one.account === three ? { ...one, cumulativeWei: 1n } : one));
	expect(await kinds(...lie(less))).toEqual(["shrinks", "earnings"]);
	const added = [...honest.earnings, { account: person(0xffffff), cumulativeWei: 9n }];
	expect(await kinds(...lie(added))).toEqual(["earnings"]);
	expect(await kinds(honest, { ...claim, receiptsRoot: digest("other") }, context)).toEqual(["root"]);
	expect(await kinds(honest, { ...claim, dataRoot: digest("other") }, context)).toEqual(["root"]);
	expect(await kinds(honest, { ...claim, earningsRoot: cumulativeTree([]).root }, context)).toEqual(["root"]);
});

test("behavior: an erased row's part is the pool's from the epoch after; a row that was not erased cannot be struck out", async () => {
	const erased = [erasedRow(2), erasedRow(9)];
	const blob = await epochOf([receipts[0]!], { erased });
	const { claim } = epochClaim(blob);
	const gone = new Set(erased.map(({ commitment }) => commitment));
	expect(await check(blob, claim, { isErased: (commitment) => gone.has(commitment) })).toEqual([]);
	expect(blob.earnings.map(({ account }) => account)).toEqual([POOL]);
	expect(await kinds(blob, claim, { isErased: (commitment) => commitment === erased[0]!.commitment })).toEqual([
		"erased",
	]);
	const other = await epochOf([receipts[0]!], { erased: [{ ...erased[0]!, commitment: digest("row 3") }] });
	expect(await kinds(other, epochClaim(other).claim, { isErased: () => true })).toEqual(["erased"]);
});

test("behavior: a receipt that is not the node's, was settled before, or lies about its rows is found", async () => {
	const faults = async (changed: (typeof receipts)[number], context: Partial<EpochContext> = {}) => {
		const blob = await epochOf([changed]);
		return (await check(blob, epochClaim(blob).claim, context)).map(({ message }) => message).join("; ");
	};
	const [one] = receipts;
	expect(await faults({ ...one!, signature: receipts[1]!.signature })).toMatch(/signed by/);
	expect(await faults({ ...one!, counted: one!.counted.slice(1) })).toMatch(/scores root; receipt 0: its shares/);
	expect(await faults(await signed("cheap", { fee: MILLI, rows: [] }))).toMatch(/below its tokens/);
	const { receiptId } = await import("@openledger/protocol");
	expect(await faults(one!, { settled: new Set([receiptId(one!.receipt)]) })).toMatch(/settled before/);
	const twice = await epochOf([one!, one!]);
	expect(await kinds(twice, epochClaim(twice).claim)).toEqual(["receipt"]);
	const foreign = { ...contextOf(), modelOf: () => undefined };
	expect(await kinds(await epochOf([one!]), epochClaim(await epochOf([one!])).claim, foreign)).toEqual(["receipt"]);
});
