// A juror's vote, sealed first and shown later. What opens it is kept in this browser before the seal is sent, and can be saved.

import { voteCommitment } from "@openledger/protocol";
import { juryAbi } from "@openledger/sdk/ledger";
import { useState } from "react";
import type { Address } from "viem";
import { useStatus } from "../../../shared/api/useStatus.js";
import { Button } from "../../../shared/ui/Button.js";
import { Countdown } from "../../../shared/ui/Countdown.js";
import { SelectField } from "../../../shared/ui/Field.js";
import { Notice } from "../../../shared/ui/Notice.js";
import { TransactionStatus } from "../../../shared/wallet/TransactionStatus.js";
import { useTransaction } from "../../../shared/wallet/useTransaction.js";
import type { Jury } from "../types.js";
import { CHOICES } from "./choices.js";
import { keepVote, keptVotes, newVote, parseVote, saveVote, type VoteSecret } from "./voteSecrets.js";

type VoteProps = { readonly caseId: string; readonly jury: Jury; readonly account: Address };

const isZero = (digest: string) => /^0x0*$/.test(digest);

export function Vote({ caseId, jury, account }: VoteProps) {
	const tx = useTransaction();
	const status = useStatus().data;
	const [choice, setChoice] = useState("1");
	const [error, setError] = useState<string>();
	const [given, setGiven] = useState<VoteSecret>();
	const address = status?.addresses.jury;
	if (status === undefined || address === undefined || jury.vote === undefined) return null;
	const of = { chainId: status.chainId, jury: address, caseId, juror: account };
	const { commitment, choice: shownChoice } = jury.vote;
	const sealOf = (secret: VoteSecret) =>
		voteCommitment(BigInt(caseId), account.toLowerCase() as Address, secret.choice, secret.salt);
	const opens = (secret: VoteSecret) => sealOf(secret) === commitment;
	const secrets = keptVotes(of);
	const kept = [...secrets, ...(given === undefined ? [] : [given])].find(opens);

	const seal = async () => {
		setError(undefined);
		// A vote that was begun is sealed as it was: what was sent and not seen yet may be the same.
		const secret = secrets.find((one) => one.choice === Number(choice)) ?? newVote(Number(choice));
		try {
			keepVote(of, secret);
		} catch {
			setError(
				"This browser keeps nothing, so the vote could not be shown later; allow it to keep data, or use another.",
			);
			return;
		}
		const label = `Seal my vote in case ${caseId}`;
		await tx.send({ label, address, abi: juryAbi, functionName: "commitVote", args: [BigInt(caseId), sealOf(secret)] });
	};
	const show = async () => {
		if (kept === undefined) return;
		const label = `Show my vote in case ${caseId}`;
		const args = [BigInt(caseId), kept.choice, kept.salt] as const;
		await tx.send({ label, address, abi: juryAbi, functionName: "revealVote", args });
	};
	const restore = async (file: File | undefined) => {
		const secret = file && parseVote(await file.text());
		if (secret === undefined || !opens(secret)) {
			setError("This file does not open the vote that you sealed.");
			return;
		}
		setError(undefined);
		setGiven(secret);
		try {
			keepVote(of, secret);
		} catch {
			setError("This browser keeps nothing: show the vote before you leave this page, or choose the file again.");
		}
	};

	if (shownChoice !== 0) {
		const said = CHOICES.find(([id]) => id === shownChoice)?.[1];
		return <Notice tone="good">You voted: {said}.</Notice>;
	}
	if (jury.phase === "counted" || jury.phase === "settled") {
		return <p className="text-sm text-warn">You showed no vote in time, so this case charges you as absent.</p>;
	}
	const isSealed = !isZero(commitment);
	return (
		<div className="flex flex-col gap-3 rounded-lg bg-sunken p-3">
			{!isSealed && jury.phase === "committing" && (
				<>
					<SelectField
						label="Your vote"
						value={choice}
						onChange={(event) => setChoice(event.target.value)}
						hint="Nobody sees it before all votes are sealed, or their time is over"
					>
						{CHOICES.map(([id, name]) => (
							<option key={id} value={id}>
								{name}
							</option>
						))}
					</SelectField>
					<div>
						<Button kind="primary" busy={tx.isBusy} onClick={seal}>
							Seal my vote
						</Button>
					</div>
				</>
			)}
			{!isSealed && jury.phase !== "committing" && <p className="text-sm">You sealed no vote in time.</p>}
			{isSealed && (
				<>
					<p className="text-sm">
						Your vote is sealed. Keep this browser's data, or save the vote: who does not show it is charged as absent.
					</p>
					{kept !== undefined ? (
						<>
							<div className="flex flex-wrap gap-2">
								<Button kind="primary" busy={tx.isBusy} disabled={jury.phase !== "revealing"} onClick={show}>
									Show my vote
								</Button>
								<Button onClick={() => saveVote(of, kept)}>Save my vote as a file</Button>
							</div>
							{jury.phase === "committing" && (
								<p className="text-xs text-soft">
									It can be shown once all jurors have sealed theirs, or <Countdown to={jury.commitEnds} />.
								</p>
							)}
						</>
					) : (
						<label className="text-sm">
							This browser does not have what opens it. Choose the file that you saved:{" "}
							<input type="file" accept=".json" onChange={(event) => restore(event.target.files?.[0])} />
						</label>
					)}
				</>
			)}
			{error !== undefined && <Notice tone="bad">{error}</Notice>}
			<TransactionStatus of={tx} />
		</div>
	);
}
