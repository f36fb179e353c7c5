// A vote as a signature: it costs the voter nothing, and counts once whoever brings it.

import { openGovernorAbi } from "@openledger/sdk/ledger";
import { useState } from "react";
import { type Address, type Hex, isAddress, isHex } from "viem";
import { useConfig } from "wagmi";
import { readContract, signTypedData } from "wagmi/actions";
import { useStatus } from "../../shared/api/useStatus.js";
import { Button } from "../../shared/ui/Button.js";
import { CopyButton } from "../../shared/ui/CopyButton.js";
import { TextArea } from "../../shared/ui/Field.js";
import { Notice } from "../../shared/ui/Notice.js";
import { TransactionStatus } from "../../shared/wallet/TransactionStatus.js";
import { saidBy, useTransaction } from "../../shared/wallet/useTransaction.js";
import { type ShownProposal, VOTES, type VoteName } from "./useGovernance.js";

/** What goes from the voter to whoever brings it. */
type Signed = {
	readonly proposal: string;
	readonly vote: VoteName;
	readonly voter: Address;
	readonly signature: Hex;
};

/** As the governor checks it (EIP-712). */
const BALLOT = [
	{ name: "proposalId", type: "uint256" },
	{ name: "support", type: "uint8" },
	{ name: "voter", type: "address" },
	{ name: "nonce", type: "uint256" },
] as const;

type SignedVoteProps = {
	readonly proposal: ShownProposal;
	readonly account: Address;
	readonly vote: VoteName;
	readonly canSign: boolean;
};

export function SignedVote({ proposal, account, vote, canSign }: SignedVoteProps) {
	const config = useConfig();
	const status = useStatus().data;
	const governor = status?.addresses.openGovernor;
	const tx = useTransaction();
	const [signed, setSigned] = useState<string>();
	const [refusal, setRefusal] = useState<string>();
	const [isBusy, setBusy] = useState(false);
	const [text, setText] = useState("");
	const brought = readSigned(text);
	const fault =
		text.trim() === ""
			? undefined
			: brought === undefined
				? "This is no signed vote as the button above gives it."
				: brought.proposal !== proposal.id
					? "It is for another proposal."
					: undefined;
	const sign = async () => {
		if (status === undefined || governor === undefined) return;
		setBusy(true);
		setRefusal(undefined);
		try {
			const call = { address: governor, abi: openGovernorAbi, functionName: "nonces", args: [account] } as const;
			const nonce = await readContract(config, call);
			const signature = await signTypedData(config, {
				domain: { name: "OpenLedger", version: "1", chainId: status.chainId, verifyingContract: governor },
				types: { Ballot: BALLOT },
				primaryType: "Ballot",
				message: { proposalId: BigInt(proposal.id), support: VOTES.indexOf(vote), voter: account, nonce },
			});
			const shown: Signed = { proposal: proposal.id, vote, voter: account, signature };
			setSigned(JSON.stringify(shown));
		} catch (error) {
			setRefusal(saidBy(error));
		} finally {
			setBusy(false);
		}
	};
	const bring = () => {
		if (brought === undefined || governor === undefined) return;
		tx.send({
			label: `Bring the vote "${brought.vote}" that ${brought.voter} signed on proposal ${proposal.number}`,
			...{ address: governor, abi: openGovernorAbi, functionName: "castVoteBySig" },
			args: [BigInt(brought.proposal), VOTES.indexOf(brought.vote), brought.voter, brought.signature],
		});
	};
	return (
		<details className="rounded-lg border border-line px-3 py-2">
			<summary className="cursor-pointer font-medium">By signature</summary>
			<div className="flex flex-col gap-3 py-3">
				<p className="text-soft">Signing costs nothing; whoever brings the signed vote pays the gas.</p>
				<Button className="self-start" disabled={!canSign || governor === undefined} busy={isBusy} onClick={sign}>
					Sign the vote {vote}
				</Button>
				{refusal !== undefined && <Notice tone="bad">{refusal}</Notice>}
				{signed !== undefined && (
					<div className="flex items-start gap-2 rounded-lg bg-sunken p-2 font-mono text-xs [overflow-wrap:anywhere]">
						{signed} <CopyButton text={signed} />
					</div>
				)}
				<TextArea
					label="A vote that was signed"
					rows={3}
					value={text}
					maxLength={2000}
					error={fault}
					onChange={(event) => setText(event.target.value)}
				/>
				<Button
					className="self-start"
					disabled={brought === undefined || fault !== undefined || proposal.state !== "active"}
					busy={tx.isBusy}
					onClick={bring}
				>
					Bring the signed vote
				</Button>
				<TransactionStatus of={tx} />
			</div>
		</details>
	);
}

function readSigned(text: string): Signed | undefined {
	try {
		const value = JSON.parse(text) as Partial<Record<keyof Signed, unknown>>;
		const isRight =
			/^\d{1,78}$/.test(String(value.proposal)) &&
			VOTES.includes(value.vote as VoteName) &&
			isAddress(String(value.voter), { strict: false }) &&
			isHex(value.signature);
		return isRight ? (value as Signed) : undefined;
	} catch {
		return undefined;
	}
}
