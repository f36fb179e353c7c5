// A claim by signature: the earner signs without having gas, anybody brings it and may keep the fee that was signed.

import { claimTypedData } from "@openledger/protocol";
import { attributionRewardsAbi } from "@openledger/sdk/ledger";
import { type FormEvent, useState } from "react";
import { type Address, type Hex, isAddress, isHex } from "viem";
import { useConfig } from "wagmi";
import { readContract, signTypedData } from "wagmi/actions";
import { chainNow } from "../../shared/api/chainClock.js";
import { useStatus } from "../../shared/api/useStatus.js";
import { formatOpen, parseOpen } from "../../shared/format/open.js";
import { Button } from "../../shared/ui/Button.js";
import { CopyButton } from "../../shared/ui/CopyButton.js";
import { TextArea, TextField } from "../../shared/ui/Field.js";
import { Notice } from "../../shared/ui/Notice.js";
import { RequireWallet } from "../../shared/wallet/RequireWallet.js";
import { TransactionStatus } from "../../shared/wallet/TransactionStatus.js";
import { saidBy, useTransaction } from "../../shared/wallet/useTransaction.js";
import type { RewardProof } from "./useEarnings.js";

/** What goes from the earner to whoever brings it. */
type Signed = {
	readonly account: Address;
	readonly recipient: Address;
	readonly cumulativeWei: string;
	readonly relayerFeeWei: string;
	readonly deadline: string;
	readonly signature: Hex;
};

type SignedClaimProps = { readonly account: Address; readonly proof: RewardProof; readonly isOwn: boolean };

const GOOD_FOR_SECONDS = 24 * 3600;

export function SignedClaim({ account, proof, isOwn }: SignedClaimProps) {
	return (
		<details className="rounded-lg border border-line px-4 py-2 text-sm">
			<summary className="cursor-pointer font-medium">By signature: who earned has no gas</summary>
			<div className="flex flex-col gap-4 py-3">
				{isOwn ? (
					<Sign account={account} proof={proof} />
				) : (
					<p className="text-soft">Only this account can sign. Connect it to sign, or bring what it signed:</p>
				)}
				<Bring account={account} proof={proof} />
			</div>
		</details>
	);
}

function Sign({ account, proof: { proof, claimableWei } }: Omit<SignedClaimProps, "isOwn">) {
	const config = useConfig();
	const status = useStatus().data;
	const [fee, setFee] = useState("0");
	const [signed, setSigned] = useState<string>();
	const [refusal, setRefusal] = useState<string>();
	const [isBusy, setBusy] = useState(false);
	const feeWei = parseOpen(fee);
	const isWrong = feeWei === undefined || feeWei > BigInt(claimableWei);
	const sign = async (event: FormEvent) => {
		event.preventDefault();
		const rewards = status?.addresses.attributionRewards;
		if (isWrong || status === undefined || rewards === undefined) return;
		setBusy(true);
		setRefusal(undefined);
		try {
			const call = { address: rewards, abi: attributionRewardsAbi, functionName: "nonces", args: [account] } as const;
			const nonce = await readContract(config, call);
			const deadline = BigInt(chainNow() + GOOD_FOR_SECONDS);
			const said = { cumulativeWei: BigInt(proof.cumulativeWei), relayerFeeWei: feeWei, deadline };
			const typed = claimTypedData(BigInt(status.chainId), rewards, { account, recipient: account, ...said, nonce });
			const signature = await signTypedData(config, typed as never);
			const shown: Signed = {
				...{ account, recipient: account, cumulativeWei: proof.cumulativeWei },
				...{ relayerFeeWei: String(feeWei), deadline: String(deadline), signature },
			};
			setSigned(JSON.stringify(shown));
		} catch (error) {
			setRefusal(saidBy(error));
		} finally {
			setBusy(false);
		}
	};
	return (
		<form onSubmit={sign} className="flex max-w-md flex-col gap-1">
			<TextField
				label="Fee for whoever brings it, OPEN"
				value={fee}
				inputMode="decimal"
				error={isWrong ? `An amount up to ${formatOpen(claimableWei)}.` : undefined}
				hint="It comes out of what is paid. The signature is good for a day and for one claim."
				onChange={(event) => setFee(event.target.value)}
			/>
			<Button type="submit" busy={isBusy} disabled={isWrong} className="self-start">
				Sign the claim
			</Button>
			{refusal !== undefined && <Notice tone="bad">{refusal}</Notice>}
			{signed !== undefined && (
				<div className="mt-2 flex items-start gap-2 rounded-lg bg-sunken p-2 font-mono text-xs [overflow-wrap:anywhere]">
					{signed} <CopyButton text={signed} />
				</div>
			)}
		</form>
	);
}

function Bring({ account, proof: { proof } }: Omit<SignedClaimProps, "isOwn">) {
	const rewards = useStatus().data?.addresses.attributionRewards;
	const tx = useTransaction();
	const [text, setText] = useState("");
	const signed = readSigned(text);
	const fault =
		text.trim() === "" || signed !== undefined
			? signed !== undefined && signed.account.toLowerCase() !== account
				? "It was signed by another account; open that one's page."
				: signed !== undefined && signed.cumulativeWei !== proof.cumulativeWei
					? "It was signed for an earlier epoch; it has to be signed again."
					: undefined
			: "This is no signed claim as the form above gives it.";
	const bring = () => {
		if (signed === undefined || fault !== undefined || rewards === undefined) return;
		const leaf = { ...proof, cumulativeWei: BigInt(proof.cumulativeWei), prefixWei: BigInt(proof.prefixWei) };
		const { recipient, relayerFeeWei, deadline, signature } = signed;
		tx.send({
			label: `Bring a signed claim that pays ${recipient}; ${formatOpen(relayerFeeWei)} OPEN of it are yours`,
			...{ address: rewards, abi: attributionRewardsAbi, functionName: "claimBySig" },
			args: [leaf, recipient, BigInt(relayerFeeWei), BigInt(deadline), signature],
		});
	};
	return (
		<div className="flex max-w-xl flex-col gap-1">
			<TextArea
				label="A claim that was signed"
				rows={3}
				value={text}
				maxLength={2000}
				error={fault}
				onChange={(event) => setText(event.target.value)}
			/>
			<RequireWallet to="bring it">
				{() => (
					<Button
						className="self-start"
						disabled={signed === undefined || fault !== undefined}
						busy={tx.isBusy}
						onClick={bring}
					>
						Bring the signed claim
					</Button>
				)}
			</RequireWallet>
			<TransactionStatus of={tx} />
		</div>
	);
}

function readSigned(text: string): Signed | undefined {
	try {
		const value = JSON.parse(text) as Partial<Record<keyof Signed, unknown>>;
		const isAmount = (amount: unknown) => typeof amount === "string" && /^\d{1,78}$/.test(amount);
		const isRight =
			isAddress(String(value.account), { strict: false }) &&
			isAddress(String(value.recipient), { strict: false }) &&
			[value.cumulativeWei, value.relayerFeeWei, value.deadline].every(isAmount) &&
			isHex(value.signature);
		return isRight ? (value as Signed) : undefined;
	} catch {
		return undefined;
	}
}
