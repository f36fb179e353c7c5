import { createDecipheriv, hkdfSync } from "node:crypto";
import { appendFileSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesToHex, type Hex, hexToBytes, type Row, rowBytes } from "@openledger/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openRecordStore } from "./openRecordStore.js";
import { readRowBytes } from "./readRowBytes.js";

const ada = "0xd8da6bf26964af9d7eed9e03e53415d37aa96045" as const;
const bob = "0x00000000000000000000000000000000000000b0" as const;
const contributorKey = (who: string) => new Uint8Array(hkdfSync("sha256", "seed", who, "record-key", 32));
const folder = () => mkdtempSync(join(tmpdir(), "records-"));
const id = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const row: Row = { prompt: "What is the capital of Peru?", response: "Lima." };

test("default: a sealed row opens again, also after the file was closed; two seals of it differ", () => {
	const dir = folder();
	const store = openRecordStore(dir, { contributorKey });
	const salts = store.create([id(1), id(2)], ada);
	expect(new Set(salts).size).toBe(2);
	const sealed = store.seal(id(1), row);
	expect(store.seal(id(1), row)).not.toEqual(sealed);
	store.close();
	const again = openRecordStore(dir, { contributorKey });
	expect(again.open(id(1), sealed)).toEqual(row);
	expect(again.create([id(2), id(1)], bob)).toEqual([salts[1], salts[0]]);
	expect(statSync(join(dir, "record-keys")).mode & 0o077).toBe(0);
	again.close();
});

test("behavior: an erased record is noise: neither the file's bytes nor the contributor's key open it", () => {
	const dir = folder();
	const store = openRecordStore(dir, { contributorKey });
	const [salt] = store.create([id(7)], ada);
	store.create([id(8)], ada);
	const sealed = store.seal(id(7), row);
	const other = store.seal(id(8), row);
	const before = readFileSync(join(dir, "record-keys"));
	// The witness: AES-GCM by hand finds key and salt in the file before, and no run of its bytes after.
	const wrapped = before.subarray(56, 148);
	const witness = createDecipheriv("aes-256-gcm", contributorKey(ada), wrapped.subarray(0, 12));
	witness.setAAD(Buffer.concat([Buffer.from("openledger/record/v1"), hexToBytes(id(7))]));
	witness.setAuthTag(wrapped.subarray(76));
	const secret = Buffer.concat([witness.update(wrapped.subarray(12, 76)), witness.final()]);
	expect(bytesToHex(secret.subarray(32))).toBe(salt);

	expect(store.destroy(id(7))).toBe(true);
	expect(store.destroy(id(7))).toBe(false);
	const after = readFileSync(join(dir, "record-keys"));
	for (let at = 0; at + 8 <= wrapped.length; at += 8) expect(after.includes(wrapped.subarray(at, at + 8))).toBe(false);
	expect(() => store.open(id(7), sealed)).toThrow(expect.objectContaining({ code: "datanet/record-erased" }));
	expect(() => store.salt(id(7))).toThrow(expect.objectContaining({ code: "datanet/record-erased" }));
	expect(() => store.create([id(9), id(7)], ada)).toThrow(expect.objectContaining({ code: "datanet/record-erased" }));
	expect([7, 8, 9].map((n) => store.state(id(n)))).toEqual(["erased", "live", "unknown"]);
	expect(store.open(id(8), other)).toEqual(row);
	store.close();
	const again = openRecordStore(dir, { contributorKey });
	expect(again.state(id(7))).toBe("erased");
	again.close();
});

test("behavior: bytes sealed for one record open as no other, and a changed bit is noticed", () => {
	const store = openRecordStore(folder(), { contributorKey });
	store.create([id(1), id(2)], ada);
	const sealed = store.seal(id(1), row);
	expect(() => store.open(id(2), sealed)).toThrow(expect.objectContaining({ code: "datanet/seal-broken" }));
	for (const at of [0, 12, sealed.length - 1]) {
		const changed = sealed.slice();
		changed[at]! ^= 1;
		expect(() => store.open(id(1), changed)).toThrow(expect.objectContaining({ code: "datanet/seal-broken" }));
	}
	expect(() => store.open(id(3), sealed)).toThrow(expect.objectContaining({ code: "datanet/record-unknown" }));
	store.close();
});

test("behavior: a slot half written by a kill is cut off, an erasure half done can be finished, damage is told", () => {
	const dir = folder();
	const store = openRecordStore(dir, { contributorKey });
	const [salt] = store.create([id(1)], ada);
	store.create([id(2)], ada);
	store.close();
	const file = join(dir, "record-keys");
	appendFileSync(file, new Uint8Array(99).fill(1));
	const bytes = readFileSync(file);
	bytes.fill(0x5a, 160 + 56, 160 + 148);
	writeFileSync(file, bytes);
	const again = openRecordStore(dir, { contributorKey });
	expect(statSync(file).size).toBe(320);
	expect(again.salt(id(1))).toBe(salt);
	expect(() => again.salt(id(2))).toThrow(expect.objectContaining({ code: "datanet/seal-broken" }));
	expect(again.destroy(id(2))).toBe(true);
	again.close();
	bytes[0] = 7;
	writeFileSync(file, bytes);
	expect(() => openRecordStore(dir, { contributorKey })).toThrow(
		expect.objectContaining({ code: "datanet/record-keys-damaged" }),
	);
});

test("behavior: readRowBytes undoes rowBytes on every row, and takes nothing else", () => {
	const text = fc.string({ unit: "binary", maxLength: 12 }).map((t) => t.normalize("NFC"));
	const role = fc.constantFrom("system", "user", "assistant" as const);
	const rows = fc.record(
		{
			prompt: text,
			response: text,
			before: fc.array(fc.record({ role, content: text }), { minLength: 1, maxLength: 4 }),
		},
		{ requiredKeys: ["prompt", "response"] },
	) as fc.Arbitrary<Row>;
	fc.assert(
		fc.property(rows, (made) => {
			const bytes = rowBytes(made);
			expect(readRowBytes(bytes)).toEqual(made);
			expect(() => readRowBytes(bytes.subarray(0, -1))).toThrow(
				expect.objectContaining({ code: "datanet/bad-row-bytes" }),
			);
			expect(() => readRowBytes(Buffer.concat([bytes, Buffer.of(0)]))).toThrow();
		}),
	);
});
