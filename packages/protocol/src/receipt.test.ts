import { encodeAbiParameters, encodePacked, hashTypedData, keccak256, parseAbiParameters, stringToHex } from "viem";
import { describe, expect, test } from "vitest";
import { RECEIPT_FIELDS, receiptId, saltedHash, shareLeaf, sharesRoot } from "./receipt.js";
import { receiptTypedData } from "./signReceipt.js";
import { exampleReceipt as receipt } from "./testing/exampleReceipt.js";

describe("receiptId", () => {
	test("default: the hash of the abi encoding, written out", () => {
		const words = parseAbiParameters(
			"uint256, address, bytes32, address, bytes32, bytes32, bytes32, bytes32, bytes32, bytes32, bytes32, bytes32, uint256, uint256, uint256, bytes32, bytes32, uint256, bytes32, bytes32",
		);
		const encoded = encodeAbiParameters(words, [
			receipt.chainId,
			receipt.vault,
			receipt.paymentNonce,
			receipt.payer,
			receipt.modelId,
			receipt.adapterDigest,
			receipt.baseDigest,
			receipt.snapshotRoot,
			receipt.featuresRoot,
			receipt.engineId,
			receipt.promptHash,
			receipt.responseHash,
			BigInt(receipt.tokensIn),
			BigInt(receipt.tokensOut),
			receipt.feeWei,
			receipt.method,
			receipt.sharesRoot,
			receipt.timestamp,
			receipt.queryDigest,
			receipt.scoresRoot,
		]);
		expect(encoded.length).toBe(2 + 64 * RECEIPT_FIELDS.length);
		expect(receiptId(receipt)).toBe(keccak256(encoded));
		// Ours, to notice a change of format; rebuild by printing receiptId(exampleReceipt).
		expect(receiptId(receipt)).toBe("0xee0a51ec5867f536881b7bb43ba3daf8befbaa79361bcc7607efaab40be61363");
	});

	test("behavior: the EIP-712 struct hash covers the same words", () => {
		const type = `Receipt(${RECEIPT_FIELDS.map((field) => `${field.type} ${field.name}`).join(",")})`;
		const words = encodeAbiParameters([{ type: "bytes32" }, ...RECEIPT_FIELDS], [
			keccak256(stringToHex(type)),
			...RECEIPT_FIELDS.map((field) => receipt[field.name]),
		] as never);
		const domain = encodeAbiParameters(parseAbiParameters("bytes32, bytes32, bytes32, uint256, address"), [
			keccak256(stringToHex("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")),
			keccak256(stringToHex("OpenLedger Receipt")),
			keccak256(stringToHex("1")),
			receipt.chainId,
			receipt.vault,
		]);
		const byHand = keccak256(
			encodePacked(["bytes2", "bytes32", "bytes32"], ["0x1901", keccak256(domain), keccak256(words)]),
		);
		expect(hashTypedData(receiptTypedData(receipt))).toBe(byHand);
	});

	test("behavior: every field changes the id", () => {
		const ids = RECEIPT_FIELDS.map(({ name, type }) => {
			const value = receipt[name];
			const changed =
				typeof value === "string"
					? `0x${"e".repeat(type === "address" ? 40 : 64)}`
					: typeof value === "bigint"
						? value + 1n
						: Number(value) + 1;
			return receiptId({ ...receipt, [name]: changed });
		});
		expect(new Set([receiptId(receipt), ...ids]).size).toBe(RECEIPT_FIELDS.length + 1);
	});

	test.each([
		["chainId", 1, "protocol/bad-amount"],
		["vault", "0x12", "protocol/bad-address"],
		["modelId", "0x12", "protocol/bad-digest"],
		["tokensOut", 1.5, "protocol/bad-number"],
		["feeWei", -1n, "protocol/bad-amount"],
		["timestamp", 1n << 64n, "protocol/bad-amount"],
		["method", undefined, "protocol/bad-digest"],
	])("behavior: a bad %s is named", (name, value, code) => {
		expect(() => receiptId({ ...receipt, [name]: value } as never)).toThrow(
			expect.objectContaining({ code, details: { name } }),
		);
	});
});

describe("shares", () => {
	test("default: a leaf is the double hash of the abi encoding", () => {
		const encoded = encodeAbiParameters(parseAbiParameters("uint256, address, uint256"), [7n, receipt.payer, 250_000n]);
		expect(shareLeaf({ row: 7, contributor: receipt.payer, sharePpm: 250_000 })).toBe(keccak256(keccak256(encoded)));
	});

	test("behavior: a share above a million is refused", () => {
		expect(() => sharesRoot([{ row: 0, contributor: receipt.payer, sharePpm: 1_000_001 }])).toThrow(
			expect.objectContaining({ code: "protocol/bad-number" }),
		);
	});
});

test("saltedHash binds to text and salt, letter for letter", () => {
	const salts = [receipt.modelId, receipt.method];
	const hashes = salts.flatMap((salt) => ["Lima", "lima", "Lima "].map((text) => saltedHash(text, salt)));
	expect(new Set(hashes).size).toBe(6);
	expect(() => saltedHash("Lima", "0x00")).toThrow(expect.objectContaining({ code: "protocol/bad-digest" }));
});
