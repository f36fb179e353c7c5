// The till of a node, where channels and keys pay, and what was collected out of it. Reads only.
import { type Address, type Hex, zeroHash } from "viem";
import type { Ledger } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { feeVaultAbi } from "../generated/index.js";

/** Where a node's channels and keys pay; it can be paid before it has code, and only the vault can empty it. */
export async function readNodeTill(ledger: Ledger, node: Address): Promise<Address> {
	const { feeVault: address } = ledger.addresses;
	return (await readContract(ledger, { address, abi: feeVaultAbi, functionName: "payToNode", args: [node] }))!;
}

/** Under which receipt a node collected a payment out of its till; undefined if it did not. */
export async function readNodeReceiptOf(
	ledger: Ledger,
	node: Address,
	payer: Address,
	nonce: Hex,
): Promise<Hex | undefined> {
	const { feeVault: address } = ledger.addresses;
	const call = { address, abi: feeVaultAbi, functionName: "nodeReceiptOf", args: [node, payer, nonce] } as const;
	const receiptId = await readContract(ledger, call);
	return receiptId === zeroHash ? undefined : receiptId;
}

/** Whether a receipt of a model, or the root over a set of them, was collected in any way. */
export async function readIsCollected(ledger: Ledger, modelId: Hex, receiptIdOrRoot: Hex): Promise<boolean> {
	const { feeVault: address } = ledger.addresses;
	const call = { address, abi: feeVaultAbi, functionName: "isCollected", args: [modelId, receiptIdOrRoot] } as const;
	return (await readContract(ledger, call)) ?? false;
}
