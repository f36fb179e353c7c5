// Makes a decision final: after the time for appeals, or of a contribution that nobody challenged. It must not know what was decided.
import type { Hex, LocalAccount } from "viem";
import { type Ledger, once, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { ContractError } from "../errors.js";
import { datanetRegistryAbi } from "../generated/index.js";
import { type ContributionStatus, readContribution } from "../reads/readDatanet.js";
import { pastCommitments } from "./settleCommitments.js";

export type FinaliseContribution = {
	readonly contributionId: Hex;
	/** How long to wait for the time to be over; by default it is not waited for. */
	readonly waitMs?: number;
	readonly signal?: AbortSignal;
};

const POLL_MS = 200;

/** Finalises once; anybody may send it. Throws `contract/TooEarly` if the time is not over, `contract/WrongStage` during a dispute. */
export async function finaliseContribution(
	ledger: Ledger,
	sender: LocalAccount,
	{ contributionId, waitMs = 0, signal }: FinaliseContribution,
): Promise<{ readonly status: ContributionStatus; readonly sent?: Sent }> {
	const find = async () => {
		const contribution = await readContribution(ledger, contributionId);
		return contribution?.stage === "final" ? contribution : undefined;
	};
	const { datanetRegistry: address } = ledger.addresses;
	const { found, sent } = await once(find, () =>
		whenDue({ waitMs, signal }, () =>
			pastCommitments(ledger, sender, contributionId, () =>
				writeContract(ledger, sender, {
					address,
					abi: datanetRegistryAbi,
					functionName: "finalise",
					args: [contributionId],
				}),
			),
		),
	);
	return { status: (found ?? (await find()))!.status, sent };
}

/** Rehearsals run at the pending block's time, so asking again is all it takes. */
async function whenDue<value>(
	{ waitMs, signal }: { readonly waitMs: number; readonly signal?: AbortSignal },
	act: () => Promise<value>,
): Promise<value> {
	const until = performance.now() + waitMs;
	for (;;) {
		try {
			return await act();
		} catch (error) {
			if (!isEarly(error) || performance.now() >= until || signal?.aborted) throw error;
		}
		await new Promise((resolve) => setTimeout(resolve, POLL_MS));
	}
}

function isEarly(error: unknown): boolean {
	return error instanceof ContractError && ["TooEarly", "EarlierCommitmentsOpen"].includes(error.errorName);
}
