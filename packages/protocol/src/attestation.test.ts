import { hashTypedData, type TypedDataDefinition } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import {
	attestationTypedData,
	type IntakeAttestation,
	recoverAttestationSigner,
	signAttestation,
} from "./attestation.js";
import { recoverTombstoneSigner, signTombstone, type Tombstone, tombstoneTypedData } from "./tombstone.js";

const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
const digest = (byte: string) => `0x${byte.repeat(32)}` as const;
const registry = "0x00000000000000000000000000000000000000aa" as const;
const attestation: IntakeAttestation = {
	chainId: 31337n,
	registry,
	datanetId: digest("01"),
	rowsRoot: digest("02"),
	pipeline: digest("03"),
	verdicts: digest("04"),
	offered: 10,
	accepted: 8,
	flagged: 1,
	rejected: 2,
	checks: [{ name: "secrets", version: 1, passed: 9, flagged: 0, rejected: 1 }],
};
const tombstone: Tombstone = {
	chainId: 31337n,
	registry,
	datanetId: digest("01"),
	contributionId: digest("05"),
	rowCommitment: digest("06"),
	row: 3,
	contributor: registry,
	reason: "withdrawn",
	erasedAt: 1_800_000_000n,
};

test("default: both are signed and their signer is found", async () => {
	const signer = account.address.toLowerCase();
	expect(await recoverAttestationSigner(attestation, await signAttestation(account, attestation))).toBe(signer);
	expect(await recoverTombstoneSigner(tombstone, await signTombstone(account, tombstone))).toBe(signer);
});

test("behavior: every field is signed, the chain and the registry too", () => {
	const hash = (data: unknown) => hashTypedData(data as TypedDataDefinition);
	const changed = [
		...(["datanetId", "rowsRoot", "pipeline", "verdicts"] as const).map((name) => ({ [name]: digest("99") })),
		...(["offered", "accepted", "flagged", "rejected"] as const).map((name) => ({ [name]: 77 })),
		{ chainId: 1n },
		{ registry: "0x00000000000000000000000000000000000000ab" as const },
		{ checks: [] },
		{ checks: [{ ...attestation.checks[0]!, version: 2 }] },
	].map((change) => hash(attestationTypedData({ ...attestation, ...change })));
	expect(new Set([hash(attestationTypedData(attestation)), ...changed]).size).toBe(changed.length + 1);
	const stones = [
		{},
		{ chainId: 1n },
		{ datanetId: digest("99") },
		{ contributionId: digest("99") },
		{ rowCommitment: digest("99") },
		{ row: 4 },
		{ contributor: "0x00000000000000000000000000000000000000ac" as const },
		{ reason: "ordered" },
		{ erasedAt: 1n },
	].map((change) => hash(tombstoneTypedData({ ...tombstone, ...change })));
	expect(new Set(stones).size).toBe(stones.length);
});

test("behavior: bad fields, a tombstone that tells a story and the second form of a signature are refused", async () => {
	const code = (name: string) => expect.objectContaining({ code: `protocol/${name}` });
	expect(() => attestationTypedData({ ...attestation, pipeline: "0x12" })).toThrow(code("bad-digest"));
	expect(() => attestationTypedData({ ...attestation, offered: -1 })).toThrow(code("bad-number"));
	expect(() => tombstoneTypedData({ ...tombstone, reason: "Ada of Lima asked" })).toThrow(code("bad-reason"));
	const signature = await signTombstone(account, tombstone);
	const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
	const high = (order - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, "0");
	const twin: `0x${string}` = `0x${signature.slice(2, 66)}${high}${signature.endsWith("1b") ? "1c" : "1b"}`;
	await expect(recoverTombstoneSigner(tombstone, twin)).rejects.toThrow(code("bad-signature"));
});
