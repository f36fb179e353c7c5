// Counts the votes of a case. It must not know what follows from the verdict.
import type { LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { juryAbi } from "../generated/index.js";
import { readCase } from "../reads/readCase.js";

/** Counts once; anybody may send it. Throws `contract/TooEarly` while votes may still be shown. Verdict 0: none. */
export async function countCase(
	ledger: Ledger,
	sender: LocalAccount,
	{ caseId }: { readonly caseId: bigint },
): Promise<Done<{ readonly verdict: number }>> {
	const { jury: address } = ledger.addresses;
	const { sent } = await once(
		async () => {
			const phase = (await readCase(ledger, caseId))?.phase;
			return phase === "counted" || phase === "settled" ? true : undefined;
		},
		() => writeContract(ledger, sender, { address, abi: juryAbi, functionName: "count", args: [caseId] }),
	);
	return { verdict: (await readCase(ledger, caseId))!.verdict, sent };
}
