import { bytesToHex, hexToBytes, type Receipt } from "@openledger/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeEpochBlob, type EpochBlob, encodeEpochBlob } from "../index.js";
import { epochOf, erasedRow, person, signed } from "../testing/smallEpoch.js";

const few = async () =>
	await epochOf(
		[
			await signed("one", {
				fee: 5n * 10n ** 15n,
				rows: [
					[2, 1, 700_000],
					[5, 2, 0],
					[9, 1, 200_000],
				],
			}),
			await signed("two", { fee: 2n * 10n ** 15n + 7n, rows: [] }),
		],
		{ erased: [erasedRow(4)] },
	);

test("default: what was written is read, and written again is the same to the byte", async () => {
	const blob = await few();
	const bytes = encodeEpochBlob(blob);
	expect(decodeEpochBlob(bytes)).toEqual(blob);
	expect(encodeEpochBlob(decodeEpochBlob(bytes))).toEqual(bytes);
	expect(Buffer.from(bytes.subarray(0, 20)).toString()).toBe("openledger/epoch/v1\n");
});

test("behavior: an empty epoch has a form too", async () => {
	const empty = { ...(await epochOf([])), earnings: [] };
	expect(decodeEpochBlob(encodeEpochBlob(empty))).toEqual(empty);
});

test("behavior: numbers of every size come back, whatever they are", async () => {
	const [one] = (await few()).receipts;
	fc.assert(
		fc.property(
			fc.bigInt(0n, 2n ** 256n - 1n),
			fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
			fc.nat(0xffff_ffff),
			fc.bigInt(0n, 2n ** 64n - 1n),
			(amount, score, count, time) => {
				const receipt: Receipt = { ...one!.receipt, feeWei: amount, tokensIn: count, timestamp: time };
				const counted = [{ row: count, contributor: person(3), score, sharePpm: count % 1_000_001 }];
				const blob: EpochBlob = {
					...{ chainId: amount, rewards: person(1), epoch: time, closedAt: time, pool: person(2), erased: [] },
					receipts: [{ receipt, signature: one!.signature, counted }],
					earnings: [{ account: person(4), cumulativeWei: amount + 1n > 2n ** 256n - 1n ? 1n : amount + 1n }],
				};
				expect(decodeEpochBlob(encodeEpochBlob(blob))).toEqual(blob);
			},
		),
	);
});

test("behavior: no other bytes are read as an epoch: cut, longer, or changed they are refused or mean something else", async () => {
	const bytes = encodeEpochBlob(await few());
	for (let length = 0; length < bytes.length; length += 7)
		expect(() => decodeEpochBlob(bytes.subarray(0, length)), `${length}`).toThrow(
			expect.objectContaining({ code: "blob/malformed" }),
		);
	expect(() => decodeEpochBlob(Uint8Array.of(...bytes, 0))).toThrow(/after its end/);
	for (let at = 0; at < bytes.length; at++) {
		for (const bit of [1, 128]) {
			const changed = Uint8Array.from(bytes);
			changed[at] = changed[at]! ^ bit;
			let read: EpochBlob;
			try {
				read = decodeEpochBlob(changed);
			} catch (error) {
				expect(error).toMatchObject({ code: "blob/malformed" });
				continue;
			}
			// Canonical: what is read is written as it came.
			expect(bytesToHex(encodeEpochBlob(read))).toBe(bytesToHex(changed));
		}
	}
});

test("behavior: a number written longer than it has to be is refused", async () => {
	const bytes = encodeEpochBlob({ ...(await epochOf([])), chainId: 1n, earnings: [] });
	const longer = Uint8Array.of(...bytes.subarray(0, 20), 0x81, 0x00, ...bytes.subarray(21));
	expect(() => decodeEpochBlob(longer)).toThrow(/longer than it has to be/);
});

test("behavior: what no epoch has is not written", async () => {
	const blob = await few();
	const [one] = blob.receipts;
	const wrong = (changes: Partial<EpochBlob>, says: RegExp) =>
		expect(() => encodeEpochBlob({ ...blob, ...changes })).toThrow(says);
	wrong({ earnings: [...blob.earnings].reverse() }, /strictly ascending/);
	wrong({ earnings: [{ account: person(1), cumulativeWei: 0n }] }, /earned nothing/);
	wrong({ erased: [blob.erased[0]!, blob.erased[0]!] }, /strictly ascending/);
	const row = one!.counted[0]!;
	const counted = Array.from({ length: 65 }, (_, i) => ({ ...row, row: i }));
	wrong({ receipts: [{ ...one!, counted }] }, /65 rows/);
	wrong({ receipts: [{ ...one!, counted: [row, row] }] }, /strictly ascending/);
	wrong({ receipts: [{ ...one!, counted: [{ ...row, score: 2n ** 63n }] }] }, /64 bits/);
	wrong({ receipts: [{ ...one!, signature: "0x12" }] }, /65/);
	expect(hexToBytes(one!.signature)).toHaveLength(65);
});
