import { type Hex, recoverAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { concatBytes, hexToBytes, keccak256, utf8 } from "./bytes.js";
import { recoverSpanReceiptSigner, type SignedSpans, signSpanReceipt } from "./spanReceiptSignature.js";

const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
const digest = (byte: string): Hex => `0x${byte.repeat(32)}`;
const signed: SignedSpans = {
	...{ chainId: 612_055n, vault: `0x${"c3".repeat(20)}`, receiptId: digest("01") },
	...{ snapshotRoot: digest("02"), indexRoot: digest("03"), recordDigest: digest("04") },
};

test("default: the bytes signed are those of EIP-712, put together by hand", async () => {
	const hash = (...parts: readonly (string | Uint8Array)[]) =>
		hexToBytes(keccak256(concatBytes(...parts.map((part) => (typeof part === "string" ? utf8(part) : part)))));
	const word = (hex: string) => hexToBytes(`0x${hex.padStart(64, "0")}`);
	const domain = hash(
		hash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
		...[hash("OpenLedger Span Receipt"), hash("1"), word((612_055).toString(16)), word("c3".repeat(20))],
	);
	const type = "SpanReceipt(bytes32 receiptId,bytes32 snapshotRoot,bytes32 indexRoot,bytes32 recordDigest)";
	const record = hash(hash(type), ...["01", "02", "03", "04"].map((byte) => word(byte.repeat(32))));
	const whole = keccak256(concatBytes(Uint8Array.of(0x19, 0x01), domain, record));
	const signature = await signSpanReceipt(account, signed);
	expect(await recoverAddress({ hash: whole, signature })).toBe(account.address);
	expect(await signSpanReceipt(account, signed)).toBe(signature);
});

test("behavior: another chain, vault, receipt, snapshot, index or record has another signer", async () => {
	const signature = await signSpanReceipt(account, signed);
	expect(await recoverSpanReceiptSigner(signed, signature)).toBe(account.address);
	const others: readonly Partial<SignedSpans>[] = [
		...[{ chainId: 1n }, { vault: `0x${"c4".repeat(20)}` as const }],
		...(["receiptId", "snapshotRoot", "indexRoot", "recordDigest"] as const).map((field) => ({
			[field]: digest("05"),
		})),
	];
	for (const other of others) {
		expect(await recoverSpanReceiptSigner({ ...signed, ...other }, signature)).not.toBe(account.address);
	}
});

test("behavior: what is no signature is refused", async () => {
	for (const bad of ["0x", digest("01"), `0x${"00".repeat(65)}`, `0x${"ff".repeat(65)}`, "not hex"] as Hex[]) {
		await expect(recoverSpanReceiptSigner(signed, bad)).rejects.toMatchObject({ code: "protocol/bad-signature" });
	}
});
