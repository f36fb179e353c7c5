// What becomes of a transaction, in words: waiting for the wallet, sent, in a block, refused, failed.

import { Button } from "../ui/Button.js";
import { Hash } from "../ui/Hash.js";
import { Notice } from "../ui/Notice.js";
import type { Transaction } from "./useTransaction.js";

export function TransactionStatus({ of }: { readonly of: Transaction }) {
	const { state, reset } = of;
	if (state.step === "idle") return null;
	const away = <Button onClick={reset}>Dismiss</Button>;
	const link = "hash" in state && state.hash !== undefined && (
		<Hash value={state.hash} href={`/network/transactions/${state.hash}`} />
	);
	if (state.step === "checking") return <Notice title={state.label}>Rehearsing it on the chain …</Notice>;
	if (state.step === "signing")
		return <Notice title={state.label}>Waiting for your wallet to sign. Nothing is sent yet.</Notice>;
	if (state.step === "pending") return <Notice title={state.label}>Sent, waiting for a block: {link}</Notice>;
	if (state.step === "done") {
		return (
			<Notice tone="good" title={state.label} action={away}>
				Done, in block {state.receipt.blockNumber.toString()}: {link}
			</Notice>
		);
	}
	if (state.step === "rejected") {
		return (
			<Notice tone="warn" title={state.label} action={away}>
				You did not sign it. Nothing was sent and nothing changed.
			</Notice>
		);
	}
	return (
		<Notice tone="bad" title={state.label} action={away}>
			{state.message} {link}
		</Notice>
	);
}
