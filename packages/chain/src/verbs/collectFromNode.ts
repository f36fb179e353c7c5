// The model's node collects, out of its own till, what channels and keys paid for answers of a model. Two ways: answer by
// answer, where the chain sees that each receipt counts once; or as one sum, for the price of one. It must not know
// what was answered, nor how the money came into the till.
import { CallerError, type FeeParts, receiptsRoot, splitFee } from "@openledger/protocol";
import type { Hex, LocalAccount } from "viem";
import { type Ledger, once, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { differs } from "../errors.js";
import { feeVaultAbi } from "../generated/index.js";
import { readModel } from "../reads/readModel.js";
import { readIsCollected, readNodeReceiptOf } from "../reads/readNodeTill.js";
import type { Payment } from "./collectFees.js";

/** What one call of the vault takes. */
const MAX_PAYMENTS = 64;
const MAX_SUMMED = 1_000_000;

/** One answer as its receipt states it. */
export type PaidReceipt = { readonly receiptId: Hex; readonly feeWei: bigint };

/**
 * Collects payments out of the node's till, 64 a transaction; those collected before under the same receipt are left out.
 * Throws `chain/differs` for one collected under another receipt, `contract/TillTooLow` if the till holds less.
 */
export async function collectFromNode(
	ledger: Ledger,
	node: LocalAccount,
	{ modelId, payments }: { readonly modelId: Hex; readonly payments: readonly Payment[] },
): Promise<{ readonly collected: number; readonly alreadyCollected: number; readonly sent: readonly Sent[] }> {
	const open: Payment[] = [];
	for (const payment of payments) {
		const receiptId = await readNodeReceiptOf(ledger, node.address, payment.payer, payment.nonce);
		if (receiptId === undefined) open.push(payment);
		else if (receiptId !== payment.receiptId) {
			throw differs(`payment ${payment.nonce}`, "receiptId", receiptId, payment.receiptId);
		}
	}
	const sent: Sent[] = [];
	for (let from = 0; from < open.length; from += MAX_PAYMENTS) {
		const args = [modelId, open.slice(from, from + MAX_PAYMENTS)] as const;
		const address = ledger.addresses.feeVault;
		sent.push(await writeContract(ledger, node, { address, abi: feeVaultAbi, functionName: "collectFromNode", args }));
	}
	return { collected: open.length, alreadyCollected: payments.length - open.length, sent };
}

/**
 * Collects a set of answers as one sum; sends nothing if this very set was collected. Write the set down before, and
 * repeat exactly it after a crash: the chain knows sets, not their members.
 */
export async function collectSumFromNode(
	ledger: Ledger,
	node: LocalAccount,
	{ modelId, receipts }: { readonly modelId: Hex; readonly receipts: readonly PaidReceipt[] },
): Promise<{ readonly receiptsRoot: Hex; readonly amountWei: bigint; readonly sent?: Sent }> {
	if (receipts.length === 0 || receipts.length > MAX_SUMMED) {
		throw new CallerError(`a set has 1 to ${MAX_SUMMED} receipts, and this has ${receipts.length}`, {
			code: "chain/bad-set",
			details: { count: receipts.length },
		});
	}
	const root = receiptSetRoot(receipts);
	const model = await readModel(ledger, modelId);
	if (model === undefined) {
		throw new CallerError(`there is no model ${modelId}; publish it first, or use its id`, {
			code: "contract/UnknownModel",
			details: { modelId },
		});
	}
	const parts = sumParts(receipts.map(({ feeWei }) => splitFee(feeWei, model.rates.platformWei, model.split)));
	const args = [modelId, { receiptsRoot: root, count: BigInt(receipts.length), parts }] as const;
	const address = ledger.addresses.feeVault;
	const { sent } = await once(
		async () => ((await readIsCollected(ledger, modelId, root)) ? true : undefined),
		() => writeContract(ledger, node, { address, abi: feeVaultAbi, functionName: "collectSumFromNode", args }),
	);
	return { receiptsRoot: root, amountWei: receipts.reduce((sum, { feeWei }) => sum + feeWei, 0n), sent };
}

/** The root that names a set of receipts, in whichever order they come; throws `chain/bad-set` if one stands in it twice. */
export function receiptSetRoot(receipts: readonly Pick<PaidReceipt, "receiptId">[]): Hex {
	const ids = receipts.map(({ receiptId }) => receiptId.toLowerCase() as Hex).sort();
	const twice = ids.find((id, i) => i > 0 && ids[i - 1] === id);
	if (twice === undefined) return receiptsRoot(ids);
	throw new CallerError(`receipt ${twice} stands in the set twice; name each once`, {
		code: "chain/bad-set",
		details: { receiptId: twice },
	});
}

function sumParts(all: readonly FeeParts[]): FeeParts {
	const sum = { platform: 0n, contributors: 0n, owner: 0n, node: 0n, stakers: 0n, treasury: 0n };
	for (const parts of all) for (const key of Object.keys(sum) as (keyof FeeParts)[]) sum[key] += parts[key];
	return sum;
}
