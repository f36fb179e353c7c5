// What becomes of a transaction, in words: rehearsed, waiting for the wallet, sent, in a block, declined, failed.

import type { ReactNode } from "react";
import { useStatus } from "../api/useStatus.js";
import { Button } from "../ui/Button.js";
import { Hash, shortHash } from "../ui/Hash.js";
import { Notice } from "../ui/Notice.js";
import type { Transaction, TransactionState } from "./useTransaction.js";
import { useWallet } from "./useWallet.js";

type Shown = Exclude<TransactionState, { step: "idle" }>;
type Tone = "plain" | "good" | "warn" | "bad";

const TONES: Readonly<Record<Shown["step"], Tone>> = {
	checking: "plain",
	signing: "plain",
	pending: "plain",
	done: "good",
	rejected: "warn",
	failed: "bad",
};

export function TransactionStatus({ of }: { readonly of: Transaction }) {
	const { state, reset, isBusy } = of;
	const { isDevelopment } = useWallet();
	if (state.step === "idle") return null;
	return (
		<Notice
			tone={TONES[state.step]}
			title={state.label}
			action={isBusy ? undefined : <Button onClick={reset}>Dismiss</Button>}
		>
			<div>{said(state, isDevelopment)}</div>
			{state.step === "signing" && <Signed state={state} />}
		</Notice>
	);
}

function said(state: Shown, isDevelopment: boolean): ReactNode {
	const link = "hash" in state && state.hash !== undefined && (
		<Hash value={state.hash} href={`/network/transactions/${state.hash}`} />
	);
	switch (state.step) {
		case "checking":
			return "Rehearsing it on the chain; nothing is signed yet.";
		case "signing":
			return isDevelopment
				? "The node signs it for the development account."
				: "Waiting for your wallet to sign. Nothing is sent yet.";
		case "pending":
			return <>Sent, waiting for a block: {link}</>;
		case "done":
			return (
				<>
					Done, in block {state.receipt.blockNumber.toString()}: {link}
				</>
			);
		case "rejected":
			return "You declined it in your wallet. Nothing was sent and nothing changed.";
		case "failed":
			return (
				<>
					{state.message} {link}
				</>
			);
	}
}

/** What the wallet should show, to compare. */
function Signed({ state }: { readonly state: Shown }) {
	const addresses = useStatus().data?.addresses ?? {};
	const name = Object.keys(addresses).find((one) => addresses[one]?.toLowerCase() === state.address.toLowerCase());
	return (
		<div className="mt-1 text-xs">
			It calls <code>{state.functionName}</code> of {name ?? "the contract"} at{" "}
			<code title={state.address}>{shortHash(state.address)}</code>, and sends no coins but for gas.
		</div>
	);
}
