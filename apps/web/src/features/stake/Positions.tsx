// What an account has behind whom: worth, rewards, what is leaving and when it is ready.

import { stakePoolAbi } from "@openledger/sdk/ledger";
import { useState } from "react";
import type { Address } from "viem";
import { useChainNow } from "../../shared/api/chainClock.js";
import { useStatus } from "../../shared/api/useStatus.js";
import { formatOpen, parseOpen } from "../../shared/format/open.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Button } from "../../shared/ui/Button.js";
import { Countdown } from "../../shared/ui/Countdown.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Facts } from "../../shared/ui/Facts.js";
import { TextField } from "../../shared/ui/Field.js";
import { Hash } from "../../shared/ui/Hash.js";
import { TransactionStatus } from "../../shared/wallet/TransactionStatus.js";
import { type Transaction, useTransaction } from "../../shared/wallet/useTransaction.js";
import { useWallet } from "../../shared/wallet/useWallet.js";
import type { Position, Staker } from "./useStakes.js";

export function Positions({ of: staker, isOwn }: { readonly of: Staker; readonly isOwn: boolean }) {
	const tx = useTransaction();
	return (
		<div className="flex flex-col gap-4">
			<Facts
				of={[
					["In the wallet", <Amount key="open" wei={staker.balanceWei} />],
					["Stands behind it", <Amount key="own" wei={staker.own.activeWei} />],
				]}
			/>
			{staker.positions.length === 0 ? (
				<Empty title="Nothing is staked">
					{isOwn ? "Choose an operator below and an amount." : "This account stands behind nobody."}
				</Empty>
			) : (
				<ul className="flex flex-col gap-3">
					{staker.positions.map((position) => (
						<li key={position.operator} className="rounded-lg border border-line p-4">
							<OnePosition of={position} staker={staker} isOwn={isOwn} tx={tx} />
						</li>
					))}
				</ul>
			)}
			<TransactionStatus of={tx} />
		</div>
	);
}

type OneProps = {
	readonly of: Position;
	readonly staker: Staker;
	readonly isOwn: boolean;
	readonly tx: Transaction;
};

function OnePosition({ of: position, staker, isOwn, tx }: OneProps) {
	const { isWrongNetwork, address } = useWallet();
	const stakePool = useStatus().data?.addresses.stakePool;
	const [isLeaving, setLeaving] = useState(false);
	const { operator, name } = position;
	const who = name ?? operator;
	const canSend = address !== undefined && !isWrongNetwork && stakePool !== undefined;
	const send = (label: string, functionName: string, args: readonly unknown[]) =>
		stakePool === undefined ? undefined : tx.send({ label, address: stakePool, abi: stakePoolAbi, functionName, args });
	const now = Math.max(Number(staker.now), useChainNow());
	return (
		<div className="flex flex-col gap-3">
			<div className="flex flex-wrap items-start justify-between gap-3">
				<div className="min-w-0">
					<h3 className="font-medium">
						Behind <Hash value={operator} href={`/stake?of=${operator}`} {...(name !== null && { name })} />
					</h3>
					<div className="mt-1 text-sm">
						<Amount wei={position.stakeWei} places={18} /> staked, <Amount wei={position.earnedWei} places={9} /> earned
					</div>
				</div>
				<div className="flex flex-wrap gap-2">
					<Button
						disabled={!canSend || position.earnedWei === "0"}
						busy={tx.isBusy}
						onClick={() =>
							send(`Pay out what ${isOwn ? "my" : "this account's"} stake behind ${who} earned`, "claimReward", [
								operator,
								staker.account,
							])
						}
					>
						Claim reward
					</Button>
					{isOwn && position.shares !== "0" && (
						<Button disabled={!canSend} aria-expanded={isLeaving} onClick={() => setLeaving(!isLeaving)}>
							Leave …
						</Button>
					)}
				</div>
			</div>
			{isLeaving && isOwn && (
				<Leave
					position={position}
					isBusy={tx.isBusy}
					onLeave={async (label, shares) => {
						if ((await send(label, "undelegate", [operator, shares])) !== undefined) setLeaving(false);
					}}
					who={who}
				/>
			)}
			{position.unbondings.length > 0 && (
				<ul className="flex flex-col gap-2 text-sm">
					{position.unbondings.map(({ index, amountWei, readyAt }) => (
						<li
							key={index}
							className="flex flex-wrap items-center justify-between gap-2 rounded-lg bg-sunken px-3 py-2"
						>
							<span>
								<Amount wei={amountWei} places={18} /> leaving, ready <Countdown to={readyAt} />
							</span>
							<Button
								disabled={!canSend || Number(readyAt) > now}
								busy={tx.isBusy}
								onClick={() =>
									send(`Take ${formatOpen(amountWei)} OPEN out of the stake behind ${who}`, "withdraw", [
										operator,
										staker.account,
										BigInt(index),
									])
								}
							>
								Withdraw
							</Button>
						</li>
					))}
				</ul>
			)}
		</div>
	);
}

type LeaveProps = {
	readonly position: Position;
	readonly who: Address | string;
	readonly isBusy: boolean;
	readonly onLeave: (label: string, shares: bigint) => void;
};

function Leave({ position: { stakeWei, shares }, who, isBusy, onLeave }: LeaveProps) {
	const [text, setText] = useState("");
	const all = BigInt(stakeWei);
	const wei = text.trim() === "" ? all : parseOpen(text);
	const isWrong = wei === undefined || wei === 0n || wei > all;
	const leave = () => {
		if (isWrong) return;
		// Shares are the pool's own count; all of them where all is meant, so that no dust stays.
		const part = wei === all ? BigInt(shares) : (wei * BigInt(shares)) / all;
		onLeave(`Begin to take ${formatOpen(wei)} OPEN back from behind ${who}`, part);
	};
	return (
		<div className="flex max-w-md flex-col gap-1 border-t border-line pt-3">
			<TextField
				label="How much leaves, OPEN"
				inputMode="decimal"
				placeholder={`all: ${formatOpen(all)}`}
				value={text}
				maxLength={32}
				error={isWrong ? `An amount up to ${formatOpen(all)}.` : undefined}
				hint="It stops earning at once, and can be withdrawn after the unbonding time."
				onChange={(event) => setText(event.target.value)}
			/>
			<Button kind="danger" className="self-start" disabled={isWrong} busy={isBusy} onClick={leave}>
				Begin to leave
			</Button>
		</div>
	);
}
