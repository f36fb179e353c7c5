import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recoverAttestationSigner } from "@openledger/protocol";
import { expect, test } from "vitest";
import { openKeystore } from "../home/keystore.js";
import type { NodeParts } from "../parts.js";
import { checkFile } from "./checkFile.js";
import { readIntake, saveIntake, takeIn } from "./takeIn.js";

const digest = (byte: string) => `0x${byte.repeat(32)}` as const;
const registry = "0x00000000000000000000000000000000000000aa" as const;
const home = mkdtempSync(join(tmpdir(), "intake-"));
const parts = {
	home,
	keys: openKeystore(home),
	chainId: 31337,
	ledger: { addresses: { datanetRegistry: registry } },
} as unknown as NodeParts;
const rows = [
	{ line: 1, prompt: "What is the capital of Peru?", response: "Lima." },
	{ line: 2, prompt: "Who?", response: "Write to ada@kontor.se" },
	{ line: 4, prompt: "CafÃ©?", response: "A place for coffee." },
];
const delivery = {
	licence: "CC0-1.0",
	rowSchema: null,
	rows,
	rejected: [{ line: 3, code: "bad-json", reason: "the line is not JSON" }] as const,
	existing: [],
	elsewhere: [],
};

test("default: the record of a delivery is signed by the owner, says what was found, and nothing of the rows", async () => {
	const found = await takeIn(delivery);
	expect(found.rejected.map(({ line, code }) => [line, code])).toEqual([
		[2, "personal-data"],
		[3, "bad-json"],
	]);
	const of = { contributionId: digest("01"), datanetId: digest("02"), rowsRoot: digest("03") };
	await saveIntake(parts, found, of);
	const [file] = readdirSync(join(home, "intake"));
	const before = readFileSync(join(home, "intake", file!));
	await saveIntake(parts, await takeIn(delivery), of);
	expect(readFileSync(join(home, "intake", file!)).equals(before)).toBe(true);
	expect(before.includes("kontor")).toBe(false);

	const record = readIntake(parts, of.contributionId)!;
	expect(record.flagged).toMatchObject([{ line: 4, check: "encoding", code: "mojibake" }]);
	const { pipeline, verdicts, offered, accepted, rejected, checks } = record;
	const counts = { pipeline, verdicts, offered, accepted, rejected, flagged: 1, checks };
	const attested = { chainId: 31337n, registry, datanetId: of.datanetId, rowsRoot: of.rowsRoot, ...counts };
	expect(await recoverAttestationSigner(attested, record.signature)).toBe(parts.keys.address("owner"));
	expect(await recoverAttestationSigner({ ...attested, accepted: 3 }, record.signature)).not.toBe(record.signer);
	expect(readIntake(parts, digest("09"))).toBeUndefined();
});

test("behavior: the datanet's terms decide: a schema, a licence that forbids sale, one that is no SPDX expression", async () => {
	const schema = { type: "object", properties: { response: { type: "string", maxLength: 6 } } };
	expect((await takeIn({ ...delivery, rowSchema: schema })).accepted.map(({ line }) => line)).toEqual([1]);
	expect((await takeIn({ ...delivery, licence: "CC-BY-NC-4.0" })).accepted).toEqual([]);
	expect((await takeIn({ ...delivery, licence: "our own terms" })).accepted.length).toBe(2);
});

test("behavior: a file is checked without a node, and a folder of one's own removed", async () => {
	const file = new URL("../../../../examples/world/amara.jsonl", import.meta.url).pathname;
	const found = await checkFile(file, { licence: "CC0-1.0", languages: ["en"] });
	expect(found.rejected).toBe(0);
	expect(found.verdicts20).toEqual([]);
	const overlap = await checkFile(file, { evaluation: [file] });
	expect(overlap.codes["evaluation-overlap"]).toBeGreaterThan(0);
	await expect(checkFile(file, { schema: file })).rejects.toMatchObject({ code: "datanet/bad-schema" });
});
