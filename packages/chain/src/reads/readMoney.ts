// Where the money is: balances, what was collected, owed, settled and claimed. Wei of OPEN throughout. Reads only.
import { type Address, type Hex, zeroAddress, zeroHash } from "viem";
import type { Ledger } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { attributionRewardsAbi, feeVaultAbi, openTokenAbi } from "../generated/index.js";

export type Collected = {
	/** All payments the vault ever collected. */
	readonly totalWei: bigint;
	/** Accrued to owners, nodes, stakers and treasury, and not withdrawn. */
	readonly owedWei: bigint;
	/** The contributors' part of all collected payments. */
	readonly contributorsWei: bigint;
	/** What contributors claimed of it; OPEN sent to the rewards by plain transfer makes it read lower. */
	readonly claimedWei: bigint;
};

/** OPEN balance of an account. */
export async function readBalance(ledger: Ledger, account: Address): Promise<bigint> {
	const { openToken: address } = ledger.addresses;
	return (await readContract(ledger, { address, abi: openTokenAbi, functionName: "balanceOf", args: [account] })) ?? 0n;
}

/** What was ever collected and claimed. */
export async function readCollected(ledger: Ledger): Promise<Collected> {
	const vault = { address: ledger.addresses.feeVault, abi: feeVaultAbi } as const;
	const rewards = { address: ledger.addresses.attributionRewards, abi: attributionRewardsAbi } as const;
	const [totalWei, owedWei, contributorsWei, claimedWei] = await Promise.all([
		readContract(ledger, { ...vault, functionName: "totalCollected", args: [] }),
		readContract(ledger, { ...vault, functionName: "totalOwed", args: [] }),
		readContract(ledger, { ...rewards, functionName: "collected", args: [] }),
		readContract(ledger, { ...rewards, functionName: "totalClaimed", args: [] }),
	]);
	return { totalWei: totalWei!, owedWei: owedWei!, contributorsWei: contributorsWei!, claimedWei: claimedWei! };
}

/** What the vault owes an account. */
export async function readOwed(ledger: Ledger, account: Address): Promise<bigint> {
	const { feeVault: address } = ledger.addresses;
	return (await readContract(ledger, { address, abi: feeVaultAbi, functionName: "owed", args: [account] })) ?? 0n;
}

/** What a contributor claimed so far. */
export async function readClaimed(ledger: Ledger, account: Address): Promise<bigint> {
	const { attributionRewards: address } = ledger.addresses;
	const call = { address, abi: attributionRewardsAbi, functionName: "claimed", args: [account] } as const;
	return (await readContract(ledger, call)) ?? 0n;
}

/** Under which receipt a payment was collected; undefined if it was not. */
export async function readReceiptOf(ledger: Ledger, payer: Address, nonce: Hex): Promise<Hex | undefined> {
	const { feeVault: address } = ledger.addresses;
	const call = { address, abi: feeVaultAbi, functionName: "receiptOf", args: [payer, nonce] } as const;
	const receiptId = await readContract(ledger, call);
	return receiptId === zeroHash ? undefined : receiptId;
}

/** Where a used ERC-3009 authorisation sent how much; undefined if it was not used, or was cancelled. */
export async function readAuthorizedTransfer(
	ledger: Ledger,
	payer: Address,
	nonce: Hex,
): Promise<{ readonly to: Address; readonly amountWei: bigint } | undefined> {
	const { openToken: address } = ledger.addresses;
	const call = { address, abi: openTokenAbi, functionName: "authorizedTransfer", args: [payer, nonce] } as const;
	const found = await readContract(ledger, call);
	return found === undefined || found[0] === zeroAddress ? undefined : { to: found[0], amountWei: found[1] };
}
