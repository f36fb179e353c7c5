// The settler closes an epoch. It must not know how the earnings were computed.
import type { Hex, LocalAccount } from "viem";
import { type Ledger, once, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { differs } from "../errors.js";
import { attributionRewardsAbi } from "../generated/index.js";
import { readEpoch } from "../reads/readMoney.js";

/** Epochs count from 1; the total is the sum of all leaves of the cumulative earnings tree, in wei. */
export type SubmitRoot = {
	readonly epoch: bigint;
	readonly receiptsRoot: Hex;
	readonly earningsRoot: Hex;
	readonly totalCumulativeWei: bigint;
};

/** Submits an epoch once; throws `chain/differs` if it was settled with other values. */
export async function submitRoot(
	ledger: Ledger,
	settler: LocalAccount,
	wanted: SubmitRoot,
): Promise<{ readonly sent?: Sent }> {
	const { epoch, receiptsRoot, earningsRoot, totalCumulativeWei } = wanted;
	const find = async () => {
		const settled = await readEpoch(ledger, epoch);
		if (settled === undefined) return undefined;
		for (const field of ["receiptsRoot", "earningsRoot", "totalCumulativeWei"] as const) {
			if (settled[field] !== wanted[field]) throw differs(`epoch ${epoch}`, field, settled[field], wanted[field]);
		}
		return settled;
	};
	const { attributionRewards: address } = ledger.addresses;
	const { sent } = await once(find, () =>
		writeContract(ledger, settler, {
			address,
			abi: attributionRewardsAbi,
			functionName: "submitRoot",
			args: [epoch, receiptsRoot, earningsRoot, totalCumulativeWei],
		}),
	);
	return { sent };
}
