// Claims an account's earnings with whatever wallet is connected: the proof decides who is paid, not the sender.

import { attributionRewardsAbi } from "@openledger/sdk/ledger";
import { useState } from "react";
import { isAddress } from "viem";
import { hasToken } from "../../shared/api/token.js";
import { useStatus } from "../../shared/api/useStatus.js";
import { formatOpen } from "../../shared/format/open.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { TextField } from "../../shared/ui/Field.js";
import { shortHash } from "../../shared/ui/Hash.js";
import { Notice } from "../../shared/ui/Notice.js";
import { RequireWallet } from "../../shared/wallet/RequireWallet.js";
import { TransactionStatus } from "../../shared/wallet/TransactionStatus.js";
import { type Transaction, useTransaction } from "../../shared/wallet/useTransaction.js";
import { useWallet } from "../../shared/wallet/useWallet.js";
import { SignedClaim } from "./SignedClaim.js";
import { type Earner, type RewardProof, useNodeClaim, useProof } from "./useEarnings.js";

export function Claim({ earner }: { readonly earner: Earner }) {
	const { data: proof, error } = useProof(earner.account);
	const tx = useTransaction();
	const { address } = useWallet();
	const claimable = BigInt(proof?.claimableWei ?? earner.claimableWei);
	const isOwn = address?.toLowerCase() === earner.account;
	const who = earner.name ?? shortHash(earner.account);
	return (
		<Card title="Claim" aside={proof && `proof of epoch ${proof.epoch}`}>
			<div className="flex flex-col gap-3">
				<p className="text-lg">
					<Amount wei={claimable} places={18} /> <span className="text-soft">can be claimed now.</span>
				</p>
				{error !== null && <Notice tone="bad">{error.message}</Notice>}
				{claimable === 0n && proof !== undefined && (
					<p className="text-sm text-soft">
						{proof === null
							? "No epoch that pays gives this account anything yet."
							: "Everything that epochs give was claimed. More comes with the next epoch."}
					</p>
				)}
				{claimable > 0n && proof != null && (
					<>
						<p className="text-sm text-soft">
							{isOwn
								? "The money goes to your account."
								: `Any wallet may send the claim and pays only its gas. The money goes to ${who}, not to the sender.`}
						</p>
						<RequireWallet to="claim">
							{() => <ClaimButtons proof={proof} tx={tx} who={who} isOwn={isOwn} claimable={claimable} />}
						</RequireWallet>
						<NodeClaim name={earner.name} />
					</>
				)}
				<TransactionStatus of={tx} />
				{proof != null && <SignedClaim account={earner.account} proof={proof} isOwn={isOwn} />}
			</div>
		</Card>
	);
}

type ButtonsProps = {
	readonly proof: RewardProof;
	readonly tx: Transaction;
	readonly who: string;
	readonly isOwn: boolean;
	readonly claimable: bigint;
};

function ClaimButtons({ proof: { proof }, tx, who, isOwn, claimable }: ButtonsProps) {
	const contract = useStatus().data?.addresses.attributionRewards;
	const [recipient, setRecipient] = useState("");
	const elsewhere = recipient.trim();
	const isWrong = elsewhere !== "" && !isAddress(elsewhere, { strict: false });
	const amount = formatOpen(claimable);
	const claim = () => {
		if (contract === undefined) return;
		const leaf = { ...proof, cumulativeWei: BigInt(proof.cumulativeWei), prefixWei: BigInt(proof.prefixWei) };
		const call = { address: contract, abi: attributionRewardsAbi };
		if (isOwn && elsewhere !== "") {
			tx.send({
				...call,
				label: `Claim ${amount} OPEN and pay them to ${elsewhere}`,
				functionName: "claimTo",
				args: [leaf, elsewhere.toLowerCase()],
			});
			return;
		}
		tx.send({
			...call,
			label: `Claim ${amount} OPEN for ${who}`,
			functionName: "claim",
			args: [leaf.account, leaf.cumulativeWei, leaf.prefixWei, BigInt(leaf.index), leaf.siblings],
		});
	};
	return (
		<div className="flex flex-wrap items-start gap-x-4 gap-y-1">
			{isOwn && (
				<div className="w-full max-w-md">
					<TextField
						label="Pay it to"
						placeholder="your account"
						hint="Leave empty for your own account. Only you can name another."
						error={isWrong ? "This is no address." : undefined}
						value={recipient}
						maxLength={42}
						onChange={(event) => setRecipient(event.target.value)}
					/>
				</div>
			)}
			<Button
				kind="primary"
				className={isOwn ? "sm:mt-7" : ""}
				disabled={isWrong || contract === undefined}
				busy={tx.isBusy}
				onClick={claim}
			>
				Claim {amount} OPEN
			</Button>
		</div>
	);
}

/** For contributors whose wallets this node keeps. */
function NodeClaim({ name }: { readonly name: string | null }) {
	const claim = useNodeClaim();
	if (name === null) return null;
	return (
		<div className="flex flex-col gap-2">
			<div className="flex flex-wrap items-center gap-3 text-sm">
				<Button disabled={!hasToken()} busy={claim.isPending} onClick={() => claim.mutate(name)}>
					Let the node claim
				</Button>
				<span className="text-soft">
					{hasToken()
						? "The node sends it and pays the gas; no wallet is needed."
						: "Needs the link that the node printed when it started."}
				</span>
			</div>
			{claim.error !== null && <Notice tone="bad">{claim.error.message}</Notice>}
		</div>
	);
}
