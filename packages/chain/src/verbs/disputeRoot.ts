// Puts a pending root before a jury of verifiers, and carries its verdict out. For what only a rebuild of the epoch shows. It must not know how
// jurors judge.
import { type RootProposal, rootProposalHash } from "@openledger/protocol";
import type { LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { openTokenAbi, parametersAbi, rootChallengesAbi } from "../generated/index.js";
import { parameterKey } from "../parameters.js";
import { readRootDispute } from "../reads/readRoot.js";

/** Opens the dispute once, with the bond of the sender's stake and the jurors' fees, which it approves; anybody may. */
export async function disputeRoot(
	ledger: Ledger,
	sender: LocalAccount,
	{ proposal }: { readonly proposal: RootProposal },
): Promise<Done<{ readonly caseId: bigint }>> {
	const rootHash = rootProposalHash(proposal);
	const { addresses } = ledger;
	const { found, sent } = await once(
		() => readRootDispute(ledger, rootHash),
		async () => {
			await approveFees(ledger, sender);
			const call = { address: addresses.rootChallenges, abi: rootChallengesAbi, functionName: "dispute" } as const;
			return await writeContract(ledger, sender, { ...call, args: [proposal] });
		},
	);
	const { caseId } = found ?? (await readRootDispute(ledger, rootHash))!;
	return { caseId, sent };
}

/** Carries the verdict out once the case is counted; sends nothing if that was done. */
export async function resolveRootDispute(
	ledger: Ledger,
	sender: LocalAccount,
	{ proposal }: { readonly proposal: RootProposal },
): Promise<Done<object>> {
	const rootHash = rootProposalHash(proposal);
	const address = ledger.addresses.rootChallenges;
	const { sent } = await once(
		async () => ((await readRootDispute(ledger, rootHash)) === undefined ? true : undefined),
		() =>
			writeContract(ledger, sender, {
				...{ address, abi: rootChallengesAbi, functionName: "resolveDispute", args: [proposal] as const },
			}),
	);
	return { sent };
}

async function approveFees(ledger: Ledger, sender: LocalAccount): Promise<void> {
	const { openToken, parameters, rootChallenges } = ledger.addresses;
	const get = (key: string) =>
		readContract(ledger, { address: parameters, abi: parametersAbi, functionName: "get", args: [parameterKey(key)] });
	const [size = 0n, feeWei = 0n] = await Promise.all([get("jurySize"), get("jurorFeeWei")]);
	const call = { address: openToken, abi: openTokenAbi } as const;
	const allowed = await readContract(ledger, {
		...call,
		functionName: "allowance",
		args: [sender.address, rootChallenges],
	});
	if ((allowed ?? 0n) >= size * feeWei) return;
	await writeContract(ledger, sender, { ...call, functionName: "approve", args: [rootChallenges, size * feeWei] });
}
