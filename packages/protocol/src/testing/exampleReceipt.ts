// One receipt with a different value in every field, for this package's tests. It must not be imported by sources.
import type { Hex } from "viem";
import type { Receipt } from "../receipt.js";

const digest = (byte: string): Hex => `0x${byte.repeat(32)}`;

export const exampleReceipt: Receipt = {
	chainId: 31337n,
	vault: `0x${"a1".repeat(20)}`,
	paymentNonce: digest("02"),
	payer: `0x${"b3".repeat(20)}`,
	modelId: digest("04"),
	adapterDigest: digest("05"),
	baseDigest: digest("06"),
	snapshotRoot: digest("07"),
	featuresRoot: digest("08"),
	engineId: digest("09"),
	promptHash: digest("0a"),
	responseHash: digest("0b"),
	tokensIn: 12,
	tokensOut: 13,
	feeWei: 1_400_000_000_000_000_000n,
	method: digest("0f"),
	sharesRoot: digest("10"),
	timestamp: 1_767_225_600n,
	queryDigest: digest("12"),
	scoresRoot: digest("13"),
};
