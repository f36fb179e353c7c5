// How answers are paid: by a prepaid key, a channel or each by itself, in plain words; what is left, and how to get more.

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { hasToken } from "../../shared/api/token.js";
import { parseOpen } from "../../shared/format/open.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { TextField } from "../../shared/ui/Field.js";
import { Notice } from "../../shared/ui/Notice.js";
import { Skeleton } from "../../shared/ui/Skeleton.js";
import { WalletButton } from "../../shared/wallet/WalletButton.js";
import { explain } from "./explain.js";
import type { PayWay } from "./payWay.js";
import type { Payer } from "./usePayer.js";

const WAYS: readonly (readonly [PayWay, string, string])[] = [
	["key", "Prepaid key", "One signature buys a balance; each answer is charged what it costs."],
	["channel", "Channel", "One deposit, then one signature per answer; what is left comes back."],
	["answer", "Per answer", "Each answer is one signed transfer of the most that it may cost."],
];

/** Below 1 OPEN the faucet is offered. */
const POOR_WEI = 10n ** 18n;
/** 0.01 OPEN is the least that a key takes. */
const LEAST_WEI = 10n ** 16n;

export function PayPanel({ payer, isLocal }: { readonly payer: Payer; readonly isLocal: boolean }) {
	const { way, choose, missing, walletWei } = payer;
	const isReady = missing === "nothing";
	// Then what helps must be seen.
	const isPoor = way === "answer" && walletWei !== undefined && walletWei < POOR_WEI;
	const more = walletWei !== undefined && (
		<div className="flex flex-col gap-3">
			{way !== "answer" && <Pay payer={payer} />}
			<Fund payer={payer} isLocal={isLocal} />
		</div>
	);
	return (
		<Card title="Payment">
			<fieldset>
				<legend className="sr-only">How answers are paid</legend>
				<div className="grid grid-cols-3 gap-1 rounded-lg bg-sunken p-1">
					{WAYS.map(([id, name]) => (
						<label
							key={id}
							className={`flex min-h-9 cursor-pointer items-center justify-center rounded-md px-1 text-center text-sm leading-tight font-medium focus-within:outline-2 focus-within:outline-accent ${way === id ? "bg-card text-ink shadow-sm" : "text-soft hover:text-ink"}`}
						>
							<input type="radio" name="pay-by" className="sr-only" checked={way === id} onChange={() => choose(id)} />
							{name}
						</label>
					))}
				</div>
			</fieldset>
			<p className="mt-2 min-h-10 text-sm text-soft">{WAYS.find(([id]) => id === way)![2]}</p>
			<div className="mt-2 flex flex-col gap-3 text-sm">
				<Left payer={payer} />
				{missing === "node" && <Skeleton lines={3} />}
				{missing === "wallet" && <NoWallet payer={payer} />}
				{missing === "network" && (
					<Notice tone="warn" title="Your wallet is on another network">
						Switch it by the wallet button at the top.
					</Notice>
				)}
				{isReady && more !== false ? (
					<details open={isPoor || undefined}>
						<summary className="w-fit cursor-pointer rounded text-soft hover:text-accent">{MORE[way]}</summary>
						<div className="mt-3">{more}</div>
					</details>
				) : (
					more
				)}
				{way === "key" && payer.isKeyKept && (
					<p className="text-xs text-soft">
						The key is in this tab alone and goes with it.{" "}
						<button type="button" className="underline hover:text-accent" onClick={payer.forget}>
							Forget it now
						</button>
					</p>
				)}
			</div>
		</Card>
	);
}

const MORE: Readonly<Record<PayWay, string>> = {
	key: "Top up",
	channel: "Deposit or take back",
	answer: "The wallet",
};

function Left({ payer: { way, keyWei, channelWei, walletWei } }: { readonly payer: Payer }) {
	const left = { key: keyWei, channel: channelWei, answer: walletWei }[way];
	const name = { key: "On the key", channel: "In the channel", answer: "In the wallet" }[way];
	return (
		<div className="flex flex-wrap justify-between gap-x-3">
			<span className="text-soft">{name}</span>
			<span className="font-medium">{left === undefined ? "–" : <Amount wei={left} />}</span>
		</div>
	);
}

function NoWallet({ payer: { way } }: { readonly payer: Payer }) {
	return (
		<div className="flex flex-col gap-2">
			<p className="text-soft">
				{way === "key" ? "To buy a key" : "To pay this way"} a wallet signs once: any wallet in this browser, or on a
				local chain the development account. Signing costs no gas.
			</p>
			<WalletButton />
		</div>
	);
}

function Pay({ payer }: { readonly payer: Payer }) {
	const { way, walletWei = 0n, keyWei, channelWei, topUp, deposit, takeBack } = payer;
	const [text, setText] = useState("1");
	const amount = parseOpen(text);
	const wrong =
		amount === undefined || amount < LEAST_WEI
			? "at least 0.01 OPEN"
			: amount > walletWei
				? "more than the wallet holds"
				: undefined;
	const paying = useMutation({ mutationFn: (wei: bigint) => (way === "key" ? topUp(wei) : deposit(wei)) });
	const returning = useMutation({ mutationFn: takeBack });
	const has = way === "key" ? keyWei !== undefined : (channelWei ?? 0n) > 0n;
	const verb = way === "key" ? (has ? "Top up the key" : "Buy a key") : has ? "Deposit more" : "Deposit";
	return (
		<form
			className="flex flex-col gap-2"
			onSubmit={(event) => {
				event.preventDefault();
				if (wrong === undefined) paying.mutate(amount!);
			}}
		>
			<div className="flex items-start gap-2">
				<div className="min-w-0 flex-1">
					<TextField
						label="OPEN"
						inputMode="decimal"
						value={text}
						onChange={(event) => setText(event.target.value)}
						error={wrong}
					/>
				</div>
				<Button
					type="submit"
					kind={has ? "plain" : "primary"}
					className="mt-6"
					busy={paying.isPending}
					disabled={wrong !== undefined}
				>
					{verb}
				</Button>
			</div>
			<Failure error={paying.error ?? returning.error} />
			{way === "channel" && (channelWei ?? 0n) > 0n && (
				<Button busy={returning.isPending} onClick={() => returning.mutate()}>
					Take back what is left
				</Button>
			)}
		</form>
	);
}

function Fund({ payer: { walletWei = 0n, fund }, isLocal }: { readonly payer: Payer; readonly isLocal: boolean }) {
	const funding = useMutation({ mutationFn: fund });
	const mayFund = isLocal && hasToken();
	return (
		<div className="flex flex-col gap-2">
			<div className="flex flex-wrap items-center justify-between gap-2">
				<span>
					<span className="text-soft">Wallet holds</span> <Amount wei={walletWei} />
				</span>
				{walletWei < POOR_WEI && isLocal && (
					<Button busy={funding.isPending} disabled={!mayFund} onClick={() => funding.mutate()}>
						Fund
					</Button>
				)}
			</div>
			{walletWei < POOR_WEI && !mayFund && (
				<p className="text-xs text-soft">
					{isLocal
						? "The node's faucet needs the link that it printed when it started; this tab was opened without it."
						: "Get OPEN to this address first."}
				</p>
			)}
			<Failure error={funding.error} />
		</div>
	);
}

function Failure({ error }: { readonly error: unknown }) {
	if (error === null) return null;
	const { title, text } = explain(error);
	return (
		<Notice tone="bad" title={title}>
			{text}
		</Notice>
	);
}
