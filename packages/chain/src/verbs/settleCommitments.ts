// Gets a datanet's commitments whose time is over out of the way, where so many were made that finalising a contribution cannot do it beside
// its own work. It must not know whose they are.
import type { Hex, LocalAccount } from "viem";
import { type Ledger, writeContract } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import type { Sent } from "../client/sendTransaction.js";
import { ContractError } from "../errors.js";
import { datanetRegistryAbi } from "../generated/index.js";
import { readContribution } from "../reads/readDatanet.js";

/** So many a transaction: about 2.5 million gas. */
const STEPS = 1000n;

/** Settles in order up to the first that may still be revealed; anybody may send it. Sends nothing where that is the next one. */
export async function settleCommitments(
	ledger: Ledger,
	sender: LocalAccount,
	{ datanetId }: { readonly datanetId: Hex },
): Promise<{ readonly settled: bigint; readonly sent?: Sent }> {
	const registry = { address: ledger.addresses.datanetRegistry, abi: datanetRegistryAbi } as const;
	const read = () => readContract(ledger, { ...registry, functionName: "commitments", args: [datanetId] });
	let [, settled] = (await read())!;
	let sent: Sent | undefined;
	for (;;) {
		const call = { ...registry, functionName: "settleCommitments", args: [datanetId, STEPS] } as const;
		const imagined = { ...call, account: sender.address, blockTag: "pending" } as const;
		const { result } = await ledger.client.publicClient.simulateContract(imagined);
		if (result <= settled) return { settled, ...(sent && { sent }) };
		sent = await writeContract(ledger, sender, call);
		[, settled] = (await read())!;
	}
}

/** Acts; where earlier commitments are in the way, settles those whose time is over, and acts again. */
export async function pastCommitments<value>(
	ledger: Ledger,
	sender: LocalAccount,
	contributionId: Hex,
	act: () => Promise<value>,
): Promise<value> {
	try {
		return await act();
	} catch (error) {
		if (!(error instanceof ContractError) || error.errorName !== "EarlierCommitmentsOpen") throw error;
		const { datanetId } = (await readContribution(ledger, contributionId))!;
		if ((await settleCommitments(ledger, sender, { datanetId })).sent === undefined) throw error;
		return await act();
	}
}
