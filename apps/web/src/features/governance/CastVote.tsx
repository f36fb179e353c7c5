// Vote by one's own transaction, or sign a vote that somebody else brings; and bring one.

import { openGovernorAbi } from "@openledger/sdk/ledger";
import { useState } from "react";
import { type Address, zeroAddress } from "viem";
import { useStatus } from "../../shared/api/useStatus.js";
import { formatOpen } from "../../shared/format/open.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { TextField } from "../../shared/ui/Field.js";
import { Notice } from "../../shared/ui/Notice.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { RequireWallet } from "../../shared/wallet/RequireWallet.js";
import { TransactionStatus } from "../../shared/wallet/TransactionStatus.js";
import { useTransaction } from "../../shared/wallet/useTransaction.js";
import { SignedVote } from "./SignedVote.js";
import { type ShownProposal, useVoter, VOTES, type VoteName, type Voter } from "./useGovernance.js";

const SHOWN: readonly (readonly [VoteName, string])[] = [
	["for", "For"],
	["against", "Against"],
	["abstain", "Abstain"],
];

export function CastVote({ of: proposal }: { readonly of: ShownProposal }) {
	return (
		<Card title="Vote">
			<RequireWallet to="vote">{(account) => <Voting proposal={proposal} account={account} />}</RequireWallet>
		</Card>
	);
}

type VotingProps = { readonly proposal: ShownProposal; readonly account: Address };

function Voting({ proposal, account }: VotingProps) {
	const query = useVoter(account, proposal.id);
	return (
		<QueryView query={query} lines={4}>
			{(voter) => <Ballot proposal={proposal} account={account} voter={voter} />}
		</QueryView>
	);
}

function Ballot({ proposal, account, voter }: VotingProps & { readonly voter: Voter }) {
	const governor = useStatus().data?.addresses.openGovernor;
	const tx = useTransaction();
	const [vote, setVote] = useState<VoteName>("for");
	const [reason, setReason] = useState("");
	const isOpen = proposal.state === "active";
	const hasNone = voter.countsWei === "0";
	const cast = () => {
		if (governor === undefined) return;
		tx.send({
			label: `Vote ${vote} on proposal ${proposal.number} with ${formatOpen(voter.countsWei, 2)} OPEN; a vote cannot be changed`,
			...{ address: governor, abi: openGovernorAbi, functionName: "castVoteWithReason" },
			args: [BigInt(proposal.id), VOTES.indexOf(vote), reason.trim()],
		});
	};
	return (
		<div className="flex flex-col gap-3 text-sm">
			{voter.hasVoted ? (
				<Notice tone="good">This account has voted. A vote that was cast stands.</Notice>
			) : (
				<>
					<p>
						This account votes with <Amount wei={voter.countsWei} places={2} />.
					</p>
					{!isOpen && <p className="text-soft">The vote has not begun yet.</p>}
					{hasNone && (
						<Notice tone="warn">
							{voter.delegate === zeroAddress
								? "OPEN votes once it is delegated, to oneself too, and only on proposals made afterwards."
								: "Votes count as they were when the vote began: it had none then."}
						</Notice>
					)}
					<fieldset className="flex flex-wrap gap-4">
						<legend className="sr-only">Vote</legend>
						{SHOWN.map(([name, text]) => (
							<label key={name} className="flex items-center gap-2">
								<input type="radio" name="vote" checked={vote === name} onChange={() => setVote(name)} />
								{text}
							</label>
						))}
					</fieldset>
					<TextField
						label="Reason"
						hint="May stay empty; it is written on chain."
						value={reason}
						maxLength={500}
						onChange={(event) => setReason(event.target.value)}
					/>
					<Button
						kind="primary"
						className="self-start"
						disabled={!isOpen || hasNone || governor === undefined}
						busy={tx.isBusy}
						onClick={cast}
					>
						Vote {vote}
					</Button>
				</>
			)}
			<TransactionStatus of={tx} />
			<SignedVote proposal={proposal} account={account} vote={vote} canSign={!voter.hasVoted && !hasNone} />
		</div>
	);
}
