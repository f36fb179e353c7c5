// The jury of a dispute: how far its case is, and the vote of whoever has a seat in it.

import { juryAbi } from "@openledger/sdk/ledger";
import type { ReactNode } from "react";
import { useChainNow } from "../../../shared/api/chainClock.js";
import { useStatus } from "../../../shared/api/useStatus.js";
import { Amount } from "../../../shared/ui/Amount.js";
import { Badge } from "../../../shared/ui/Badge.js";
import { Button } from "../../../shared/ui/Button.js";
import { Countdown } from "../../../shared/ui/Countdown.js";
import { Facts } from "../../../shared/ui/Facts.js";
import { Hash } from "../../../shared/ui/Hash.js";
import { TransactionStatus } from "../../../shared/wallet/TransactionStatus.js";
import { useTransaction } from "../../../shared/wallet/useTransaction.js";
import { useWallet } from "../../../shared/wallet/useWallet.js";
import type { Jury, ShownContribution } from "../types.js";
import { CHOICES } from "./choices.js";
import { Vote } from "./Vote.js";

type Dispute = NonNullable<ShownContribution["dispute"]>;

const PHASES: Readonly<Record<Jury["phase"], string>> = {
	drawing: "Jurors are to be drawn",
	committing: "Jurors seal their votes",
	revealing: "Jurors show their votes",
	counted: "Counted",
	settled: "Settled",
};

const DISPUTED: Readonly<Record<string, string>> = {
	accepted: "its acceptance",
	rejected: "its refusal",
	junk: "its refusal as junk",
};

export function JuryCard({ one, dispute }: { readonly one: ShownContribution; readonly dispute: Dispute }) {
	const { jury, caseId, round, against, bondWei, appellant, byStake } = dispute;
	const { address } = useWallet();
	return (
		<div className="flex flex-col gap-3">
			<h3 className="text-sm font-semibold">
				{round === 1 ? "Appeal" : appellant === undefined ? "Committee" : "Challenge"}
			</h3>
			<Facts
				of={[
					...(appellant === undefined
						? []
						: ([
								["Disputed by", <Hash key="appellant" value={appellant} />],
								["Disputes", DISPUTED[against] ?? against],
								["Bond", <Amount key="bond" wei={bondWei} />],
								[
									"Defended",
									byStake ? (
										"by the contributor's stake"
									) : dispute.defender === undefined ? (
										"by nobody yet"
									) : (
										<Hash key="defender" value={dispute.defender} />
									),
								],
							] as const)),
					...(jury === undefined ? [] : juryFacts(jury)),
				]}
			/>
			{jury !== undefined && caseId !== undefined && address !== undefined && (
				<>
					<Seat one={one} jury={jury} />
					{jury.isJuror && <Vote key={`${caseId} ${address}`} caseId={caseId} jury={jury} account={address} />}
					<BringOn key={`${caseId} ${address} on`} caseId={caseId} jury={jury} />
				</>
			)}
		</div>
	);
}

function juryFacts(jury: Jury): (readonly [string, ReactNode])[] {
	const { phase, commitEnds, revealEnds, size, drawn, committed, revealed, verdict, feeWei } = jury;
	const ends = phase === "committing" ? commitEnds : phase === "revealing" ? revealEnds : undefined;
	const said = CHOICES.find(([choice]) => choice === verdict)?.[1] ?? "none";
	return [
		["Jury", PHASES[phase]],
		...(ends === undefined ? [] : ([["Until", <Countdown key="ends" to={ends} over="its time is over" />]] as const)),
		[
			"Jurors",
			drawn === 0 ? `${size} to be drawn` : `${drawn} of ${size} drawn, ${committed} sealed, ${revealed} shown`,
		],
		["Fee", <Amount key="fee" wei={feeWei} />],
		...(phase === "counted" || phase === "settled"
			? ([["Verdict", <Badge key="verdict">{said}</Badge>]] as const)
			: []),
	];
}

function Seat({ one, jury }: { readonly one: ShownContribution; readonly jury: Jury }) {
	const seat = one.viewer?.seat;
	if (jury.isJuror) return <p className="text-sm font-medium text-accent">You were drawn for this jury.</p>;
	if (seat === undefined || seat === null) {
		return <p className="text-sm text-soft">Your account has no curator's seat; seats are taken under Stake.</p>;
	}
	const drawn = jury.phase === "drawing" ? "the draw is to come" : "you were not drawn for this case";
	return <p className="text-sm text-soft">You have a curator's seat; {drawn}.</p>;
}

type BringOnProps = { readonly caseId: string; readonly jury: Jury };

/** Anybody may draw and count. */
function BringOn({ caseId, jury }: BringOnProps) {
	const tx = useTransaction();
	const address = useStatus().data?.addresses.jury;
	const { phase, committed, revealed, drawn, revealEnds } = jury;
	const isOver = useChainNow() >= revealEnds;
	const isCountable = phase === "revealing" && (revealed === committed || isOver) && drawn > 0;
	const next =
		phase === "drawing"
			? { name: "Draw the jurors", functionName: "draw", label: `Draw the jurors of case ${caseId}` }
			: isCountable
				? { name: "Count the votes", functionName: "count", label: `Count the votes of case ${caseId}` }
				: undefined;
	return (
		<>
			{next !== undefined && address !== undefined && (
				<div>
					<Button
						disabled={tx.isBusy}
						onClick={() => {
							const { label, functionName } = next;
							void tx.send({ label, address, abi: juryAbi, functionName, args: [BigInt(caseId)] });
						}}
					>
						{next.name}
					</Button>
				</div>
			)}
			<TransactionStatus of={tx} />
		</>
	);
}
