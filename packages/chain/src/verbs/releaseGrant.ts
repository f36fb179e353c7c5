// Pays what is vested of a grant to its beneficiary, whoever asks. It must not know whose it is.
import type { LocalAccount } from "viem";
import { type Ledger, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { ContractError } from "../errors.js";
import { tokenAllocationAbi } from "../generated/index.js";
import { type FoundGrant, readAllocation } from "../reads/readAllocation.js";

export type ReleasedGrant = { readonly grant: FoundGrant; readonly paidWei: bigint; readonly sent?: Sent };

/**
 * Repeating it pays what has vested since; sends nothing where nothing has. Throws `contract/UnknownGrant`, and `contract/NotFunded` as long as
 * nobody brought the money.
 */
export async function releaseGrant(
	ledger: Ledger,
	sender: LocalAccount,
	{ index }: { readonly index: number },
): Promise<ReleasedGrant> {
	const { tokenAllocation: address } = ledger.addresses;
	const args = [BigInt(index)] as const;
	const before = (await readAllocation(ledger)).grants[index];
	let sent: Sent | undefined;
	try {
		sent = await writeContract(ledger, sender, {
			...{ address, abi: tokenAllocationAbi, functionName: "release" },
			args,
		});
	} catch (error) {
		if (!(error instanceof ContractError) || error.errorName !== "NothingToRelease") throw error;
	}
	const grant = (await readAllocation(ledger)).grants[index]!;
	return { grant, paidWei: sent ? grant.releasedWei - before!.releasedWei : 0n, ...(sent && { sent }) };
}
