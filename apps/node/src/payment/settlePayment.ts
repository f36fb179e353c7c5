// Verifies and settles one payment with the x402 library's facilitator, in this process. The intent is written down
// after everything was checked and before anything is sent. It must not know requests or answers.
import { ContractError, contractErrorFrom, isSilent, type Ledger } from "@openledger/chain";
import { type Hex, OpenLedgerError, TransientError } from "@openledger/protocol";
import type { PaymentRequirements, SettleResponse } from "@x402/core/types";
import { ExactEvmScheme } from "@x402/evm/exact/facilitator";
import type { LocalAccount } from "viem";
import { facilitatorSigner } from "./facilitatorSigner.js";
import { findSettlement } from "./findSettlement.js";
import { problem, problemOfContractError, problemOfReason } from "./problems.js";
import type { SignedPayment } from "./readPaymentHeader.js";
import type { PaymentProblem, PaymentRecord, PaymentStore } from "./types.js";

export type Facilitator = { readonly ledger: Ledger; readonly account: LocalAccount; readonly store: PaymentStore };

/** `refused`: this attempt sent nothing. `unclear`: it may or may not reach the chain. */
export type Settlement =
	| { readonly kind: "settled"; readonly txHash: Hex }
	| { readonly kind: "refused"; readonly problem: PaymentProblem }
	| { readonly kind: "taken" }
	| { readonly kind: "unclear"; readonly txHash?: Hex };

/** What one attempt went through; the library swallows errors, so they are caught on their way into it. */
type Attempt = {
	claimed: boolean;
	taken: boolean;
	txHash?: Hex;
	/** Of the checks until the claim, of the sending after it: the first of each, since later ones follow from it. */
	error?: unknown;
	storeError?: unknown;
};

/** Settles a payment; throws what the store throws, and TransientErrors where the payer is not to blame. */
export async function settlePayment(
	facilitator: Facilitator,
	payment: SignedPayment,
	requirements: PaymentRequirements,
	record: PaymentRecord,
): Promise<Settlement> {
	const attempt: Attempt = { claimed: false, taken: false };
	const result = await attemptSettlement(facilitator, payment, requirements, record, attempt);
	if (attempt.taken) return { kind: "taken" };
	if (attempt.storeError !== undefined && attempt.txHash === undefined) throw attempt.storeError;
	if (result.success && attempt.txHash !== undefined) return await settled(facilitator, record, attempt.txHash);
	if (attempt.claimed) return await clearUp(facilitator, record, attempt);
	return { kind: "refused", problem: explain(facilitator.ledger, result.errorReason, attempt.error) };
}

function attemptSettlement(
	{ ledger, account, store }: Facilitator,
	payment: SignedPayment,
	requirements: PaymentRequirements,
	record: PaymentRecord,
	attempt: Attempt,
): Promise<SettleResponse> {
	const keepError = async <T>(act: () => Promise<T>): Promise<T> => {
		try {
			return await act();
		} catch (error) {
			attempt.storeError ??= error;
			throw error;
		}
	};
	const signer = facilitatorSigner(ledger, account, {
		onError: (error) => {
			attempt.error ??= error;
		},
		beforeBroadcast: () =>
			keepError(async () => {
				const existing = await store.claim(record);
				// Our own claim, open since a crash or a silence, is taken up again: the chain takes a nonce only once.
				const ours = existing === undefined || isSameClaim(existing, record);
				attempt.taken = !ours;
				if (!ours) throw new TransientError("another request claimed this nonce", { code: "payment/taken" });
				attempt.claimed = true;
				attempt.error = undefined;
			}),
		afterBroadcast: (hash) => {
			attempt.txHash = hash;
			return keepError(() => store.markBroadcast(record, hash));
		},
	});
	return new ExactEvmScheme(signer, { simulateInSettle: true }).settle(payment.payload, requirements);
}

function isSameClaim(existing: PaymentRecord, record: PaymentRecord): boolean {
	const { state, authorizationHash, requestHash } = existing;
	return state === "claimed" && authorizationHash === record.authorizationHash && requestHash === record.requestHash;
}

/** After the claim only the chain can say what happened. */
async function clearUp(facilitator: Facilitator, record: PaymentRecord, attempt: Attempt): Promise<Settlement> {
	const { ledger, store } = facilitator;
	const { txHash } = attempt;
	const refusal = contractErrorFrom(attempt.error);
	let found: Hex | undefined;
	let failed = false;
	try {
		found = await findSettlement(ledger, record);
		if (found === undefined && txHash !== undefined) {
			failed = (await ledger.client.publicClient.getTransactionReceipt({ hash: txHash })).status === "reverted";
		}
	} catch {
		return { kind: "unclear", txHash };
	}
	if (found !== undefined) return await settled(facilitator, record, found);
	if (refusal instanceof ContractError || failed) {
		await store.release(record);
		const said = "the transfer failed on chain; sign a new authorisation";
		if (!(refusal instanceof ContractError)) return { kind: "refused", problem: problem("refused", said) };
		return { kind: "refused", problem: problemOfContractError(refusal.errorName, refusal.message) };
	}
	if (attempt.error instanceof OpenLedgerError && attempt.error.code === "chain/insufficient-funds") {
		await store.release(record);
		throw new TransientError("the facilitator has no coins for gas; fund its account, then send the same payment", {
			code: "payment/facilitator-empty",
			cause: attempt.error,
		});
	}
	return { kind: "unclear", txHash };
}

async function settled({ store }: Facilitator, record: PaymentRecord, txHash: Hex): Promise<Settlement> {
	await store.markSettled(record, txHash);
	return { kind: "settled", txHash };
}

function explain(ledger: Ledger, reason: string | undefined, error: unknown): PaymentProblem {
	const refusal = contractErrorFrom(error);
	if (refusal instanceof ContractError) return problemOfContractError(refusal.errorName, refusal.message);
	// The library takes silence for a bad payment; the payer must not be told so.
	if (isSilent(error)) {
		throw new TransientError(`no answer from the chain at ${ledger.client.url}; try again with the same payment`, {
			code: "chain/unreachable",
			cause: error,
		});
	}
	return problemOfReason(reason ?? "unknown");
}
