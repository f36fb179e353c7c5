// What moves a proposal on from where it stands: start its timelock, execute it, take it back. Anybody may do the first two.

import { openGovernorAbi } from "@openledger/sdk/ledger";
import type { ReactNode } from "react";
import { chainNow } from "../../shared/api/chainClock.js";
import { useStatus } from "../../shared/api/useStatus.js";
import { formatDate } from "../../shared/format/time.js";
import { Button } from "../../shared/ui/Button.js";
import { Countdown } from "../../shared/ui/Countdown.js";
import { Notice } from "../../shared/ui/Notice.js";
import { RequireWallet } from "../../shared/wallet/RequireWallet.js";
import { TransactionStatus } from "../../shared/wallet/TransactionStatus.js";
import { useTransaction } from "../../shared/wallet/useTransaction.js";
import { useWallet } from "../../shared/wallet/useWallet.js";
import type { ShownProposal } from "./useGovernance.js";

type Step = {
	readonly name: string;
	readonly functionName: "queue" | "execute" | "cancel";
	readonly label: string;
	readonly told: ReactNode;
	readonly isEarly?: boolean;
};

export function NextStep({ of: proposal }: { readonly of: ShownProposal }) {
	const governor = useStatus().data?.addresses.openGovernor;
	const { address } = useWallet();
	const tx = useTransaction();
	const step = stepOf(proposal, address);
	if (step === undefined && tx.state.step === "idle") return null;
	return (
		<div className="flex flex-col gap-3">
			{step !== undefined && (
				<RequireWallet to={`${step.name.toLowerCase()} this proposal`}>
					{() => (
						<Notice
							action={
								<Button
									kind={step.functionName === "cancel" ? "danger" : "primary"}
									disabled={step.isEarly || governor === undefined}
									busy={tx.isBusy}
									onClick={() =>
										governor !== undefined &&
										tx.send({
											label: step.label,
											...{ address: governor, abi: openGovernorAbi, functionName: step.functionName },
											args: [BigInt(proposal.id)],
										})
									}
								>
									{step.name}
								</Button>
							}
						>
							{step.told}
						</Notice>
					)}
				</RequireWallet>
			)}
			<TransactionStatus of={tx} />
		</div>
	);
}

function stepOf(proposal: ShownProposal, address: string | undefined): Step | undefined {
	const { state, number, eta, now, proposer } = proposal;
	if (state === "succeeded") {
		return {
			...{ name: "Queue", functionName: "queue", label: `Start the timelock of proposal ${number}` },
			told: "It was carried. Anybody may start its timelock now.",
		};
	}
	if (state === "queued") {
		const isEarly = Math.max(Number(now), chainNow()) < Number(eta);
		return {
			...{ name: "Execute", functionName: "execute", label: `Execute proposal ${number}`, isEarly },
			told: isEarly ? (
				<>
					It can be executed <Countdown to={eta} />, at {formatDate(eta)}.
				</>
			) : (
				"Its timelock is over. Anybody may execute it."
			),
		};
	}
	if (state === "pending" && address?.toLowerCase() === proposer.toLowerCase()) {
		return {
			...{ name: "Take back", functionName: "cancel", label: `Take proposal ${number} back` },
			told: "It is yours: you may take it back until its vote begins.",
		};
	}
	return undefined;
}
