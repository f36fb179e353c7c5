import { type Hex, hashTypedData, recoverAddress, verifyTypedData } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { RECEIPT_FIELDS } from "./receipt.js";
import { receiptTypedData, recoverReceiptSigner, signReceipt } from "./signReceipt.js";
import { exampleReceipt as receipt } from "./testing/exampleReceipt.js";

const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
const signature = await signReceipt(account, receipt);

test("default: the signer is recovered, here and by viem", async () => {
	expect(await recoverReceiptSigner(receipt, signature)).toBe(account.address);
	expect(await verifyTypedData({ ...receiptTypedData(receipt), address: account.address, signature })).toBe(true);
	expect(await recoverAddress({ hash: hashTypedData(receiptTypedData(receipt)), signature })).toBe(account.address);
});

test("behavior: signatures are deterministic (RFC 6979)", async () => {
	expect(await signReceipt(account, receipt)).toBe(signature);
});

test("behavior: a change in any field leads to another signer", async () => {
	for (const { name, type } of RECEIPT_FIELDS) {
		const value = type === "address" ? `0x${"cc".repeat(20)}` : type === "bytes32" ? `0x${"cc".repeat(32)}` : undefined;
		const changed = value ?? (typeof receipt[name] === "bigint" ? 99n : 99);
		expect(await recoverReceiptSigner({ ...receipt, [name]: changed } as never, signature)).not.toBe(account.address);
	}
});

test("behavior: a receipt of another chain or vault does not pass here", async () => {
	const elsewhere = await signReceipt(account, { ...receipt, chainId: 1n });
	expect(await recoverReceiptSigner(receipt, elsewhere)).not.toBe(account.address);
});

// secp256k1's group order: n − s with the other v recovers the same signer, so it must not be accepted.
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const mirrored = `${signature.slice(0, 66)}${(ORDER - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, "0")}${signature.endsWith("1b") ? "1c" : "1b"}`;

test.each([
	["empty", "0x"],
	["short", signature.slice(0, -2)],
	["long", `${signature}00`],
	["not hex", `${signature.slice(0, -3)}z1b`],
	["v of 0", `${signature.slice(0, -2)}00`],
	["zero r", `0x${"00".repeat(32)}${signature.slice(66)}`],
	["high s", mirrored],
])("behavior: refuses a signature that is %s", async (_, bad) => {
	await expect(recoverReceiptSigner(receipt, bad as Hex)).rejects.toThrow(
		expect.objectContaining({ code: "protocol/bad-signature" }),
	);
});
