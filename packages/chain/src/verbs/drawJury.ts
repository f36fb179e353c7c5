// Draws the jurors of a case once its block is past. It must not know what the case is about.
import type { Address, LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { juryAbi } from "../generated/index.js";
import { readCase, readJurors } from "../reads/readCase.js";

/** So often a draw that came too late for its block's hash is tried again. */
const TRIES = 2;

/**
 * Draws once; anybody may send it. Throws `contract/TooEarly` up to the draw block; where the block's hash was gone, a new one is
 * named, and this throws `contract/TooEarly` for that.
 */
export async function drawJury(
	ledger: Ledger,
	sender: LocalAccount,
	{ caseId }: { readonly caseId: bigint },
): Promise<Done<{ readonly jurors: readonly Address[] }>> {
	const { jury: address } = ledger.addresses;
	const isDrawn = async () => {
		const one = await readCase(ledger, caseId);
		return one !== undefined && one.phase !== "drawing" ? true : undefined;
	};
	for (let tries = 0; ; tries++) {
		const { sent } = await once(isDrawn, () =>
			writeContract(ledger, sender, { address, abi: juryAbi, functionName: "draw", args: [caseId] }),
		);
		if (tries + 1 < TRIES && !(await isDrawn())) continue;
		return { jurors: await readJurors(ledger, caseId), sent };
	}
}
