// Shows what was committed to: rows, known only by the root of their salted commitments. It must not know the rows.
import { type Hex, type LocalAccount, stringToHex } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { differs } from "../errors.js";
import { datanetRegistryAbi, parametersAbi } from "../generated/index.js";
import { contributionIdOf } from "../ids.js";
import { readContribution, readDatanet } from "../reads/readDatanet.js";
import { approveOpen } from "./approveOpen.js";

export type RevealContribution = {
	readonly datanetId: Hex;
	readonly rowsRoot: Hex;
	readonly rowCount: number;
	/** That of the commitment. */
	readonly salt: Hex;
};

/** Reveals once, with the stake and the jurors' fees that the datanet asks; `chain/differs` if the root is offered with another count. */
export async function revealContribution(
	ledger: Ledger,
	contributor: LocalAccount,
	{ datanetId, rowsRoot, rowCount, salt }: RevealContribution,
): Promise<Done<{ readonly contributionId: Hex }>> {
	const contributionId = contributionIdOf(datanetId, contributor.address, rowsRoot);
	const find = async () => {
		const contribution = await readContribution(ledger, contributionId);
		if (contribution !== undefined && contribution.rowCount !== rowCount) {
			throw differs(`contribution ${contributionId}`, "rowCount", contribution.rowCount, rowCount);
		}
		return contribution;
	};
	const { datanetRegistry: address } = ledger.addresses;
	const { sent } = await once(find, async () => {
		const amountWei = await contributionCost(ledger, datanetId, rowCount);
		if (amountWei > 0n) await approveOpen(ledger, contributor, { spender: address, amountWei });
		return await writeContract(ledger, contributor, {
			address,
			abi: datanetRegistryAbi,
			functionName: "contribute",
			args: [datanetId, rowsRoot, rowCount, salt],
		});
	});
	return { contributionId, sent };
}

/** What a contributor puts down for so many rows: stake, and under the committee's rule the jurors' fees. */
export async function contributionCost(ledger: Ledger, datanetId: Hex, rowCount: number): Promise<bigint> {
	const datanet = await readDatanet(ledger, datanetId);
	if (datanet === undefined) return 0n;
	const stakeWei = BigInt(rowCount) * datanet.stakePerRowWei;
	if (datanet.rule !== "committee") return stakeWei;
	return stakeWei + (await constant(ledger, "jurySize")) * (await constant(ledger, "jurorFeeWei"));
}

async function constant(ledger: Ledger, key: string): Promise<bigint> {
	const args = [stringToHex(key, { size: 32 })] as const;
	const call = { address: ledger.addresses.parameters, abi: parametersAbi, functionName: "get", args } as const;
	return (await readContract(ledger, call))!;
}
