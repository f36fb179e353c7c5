// Puts a payer's signed deposit on chain, once, with the x402 library's facilitator: the intent is written down after
// everything was checked and before anything is sent. It must not know what the channel will pay for.

import { ContractError, contractErrorFrom, isSilent, type Ledger, openTokenAbi } from "@openledger/chain";
import { type Address, type Hex, OpenLedgerError, TransientError } from "@openledger/protocol";
import type { PaymentRequirements, SettleResponse } from "@x402/core/types";
import { BatchSettlementEvmScheme } from "@x402/evm/batch-settlement/facilitator";
import { and, eq } from "drizzle-orm";
import type { LocalAccount } from "viem";
import type { Database } from "../../database/openDatabase.js";
import { deposits } from "../../database/schema.js";
import type { Allowance } from "../allowance.js";
import { facilitatorSigner } from "../facilitatorSigner.js";
import { problem, problemOfContractError, problemOfReason } from "../problems.js";
import type { PaymentProblem } from "../types.js";
import type { ChannelPayment } from "./readChannelPayment.js";

export type Depositing = {
	readonly db: Database;
	readonly ledger: Ledger;
	readonly account: LocalAccount;
	/** Whether this node pays the gas: asked when all else is checked, so that only deposits that would arrive count. */
	readonly allowance: Allowance;
};

/** `made`: on chain, now or before. `refused`: nothing was sent, or it failed for good. `unclear`: it may still arrive. */
export type Deposited =
	| { readonly kind: "limited"; readonly retryAfter: number }
	| { readonly kind: "made"; readonly txHash?: Hex }
	| { readonly kind: "refused"; readonly problem: PaymentProblem }
	| { readonly kind: "unclear"; readonly txHash?: Hex };

type Attempt = { claimed: boolean; limited?: number; txHash?: Hex; error?: unknown; storeError?: unknown };

/** Sends the deposit unless it is on chain. Throws TransientErrors where the payer is not to blame. */
export async function sendDeposit(
	depositing: Depositing,
	payment: ChannelPayment,
	requirements: PaymentRequirements,
): Promise<Deposited> {
	const { db } = depositing;
	const key = { payer: payment.payer.toLowerCase() as Address, nonce: payment.deposit!.nonce };
	const here = and(eq(deposits.payer, key.payer), eq(deposits.nonce, key.nonce));
	const [known] = await db.select().from(deposits).where(here);
	if (known?.status === "settled") return { kind: "made", ...(known.txHash && { txHash: known.txHash }) };
	if (await isUsed(depositing, key)) {
		await db.update(deposits).set({ status: "settled" }).where(here);
		return { kind: "made", ...(known?.txHash && { txHash: known.txHash }) };
	}
	const attempt: Attempt = { claimed: false };
	const result = await attemptDeposit(depositing, payment, requirements, attempt, known !== undefined);
	if (attempt.limited !== undefined) return { kind: "limited", retryAfter: attempt.limited };
	if (attempt.storeError !== undefined && attempt.txHash === undefined) throw attempt.storeError;
	if (result.success && attempt.txHash !== undefined) return await made(db, here, attempt.txHash);
	if (attempt.claimed) return await clearUp(depositing, payment, attempt, here);
	// What an earlier attempt left open may still arrive: no new deposit is asked for before it is dead.
	if (known !== undefined) {
		if (payment.deposit!.validBefore > (await chainTime(depositing))) return unclear(known.txHash);
		await db.delete(deposits).where(here);
	}
	return { kind: "refused", problem: explain(depositing.ledger, result.errorReason, attempt.error) };
}

function attemptDeposit(
	{ db, ledger, account, allowance }: Depositing,
	payment: ChannelPayment,
	requirements: PaymentRequirements,
	attempt: Attempt,
	isAgain: boolean,
): Promise<SettleResponse> {
	const { channelId, deposit, payload } = payment;
	const payer = payment.payer.toLowerCase() as Address;
	const { nonce, amountWei } = deposit!;
	const here = and(eq(deposits.payer, payer), eq(deposits.nonce, nonce));
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
				const granted = isAgain ? ({ granted: true } as const) : allowance.take(payer);
				if (!granted.granted) {
					attempt.limited = granted.retryAfter;
					throw new TransientError("as many deposits were sent as this node pays for", { code: "payment/limited" });
				}
				const row = { payer, nonce, channelId, amountWei, status: "claimed" as const };
				await db.insert(deposits).values(row).onConflictDoNothing();
				attempt.claimed = true;
				attempt.error = undefined;
			}),
		afterBroadcast: (hash) => {
			attempt.txHash = hash;
			return keepError(async () => {
				await db.update(deposits).set({ txHash: hash }).where(here);
			});
		},
	});
	return new BatchSettlementEvmScheme(signer).settle(payload, requirements);
}

/** After the claim only the chain can say what happened. */
async function clearUp(
	depositing: Depositing,
	payment: ChannelPayment,
	attempt: Attempt,
	here: ReturnType<typeof and>,
): Promise<Deposited> {
	const { db, ledger } = depositing;
	const { txHash } = attempt;
	const refusal = contractErrorFrom(attempt.error);
	let arrived = false;
	let failed = false;
	try {
		arrived = await isUsed(depositing, { payer: payment.payer, nonce: payment.deposit!.nonce });
		if (!arrived && txHash !== undefined)
			failed = (await ledger.client.publicClient.getTransactionReceipt({ hash: txHash })).status === "reverted";
	} catch {
		return unclear(txHash);
	}
	if (arrived) return await made(db, here, txHash);
	if (refusal instanceof ContractError || failed) {
		await db.delete(deposits).where(here);
		if (refusal instanceof ContractError)
			return { kind: "refused", problem: problemOfContractError(refusal.errorName, refusal.message) };
		return { kind: "refused", problem: problem("refused", "the deposit failed on chain; sign a new authorisation") };
	}
	if (attempt.error instanceof OpenLedgerError && attempt.error.code === "chain/insufficient-funds") {
		await db.delete(deposits).where(here);
		throw new TransientError("the facilitator has no coins for gas; fund its account, then send the same payment", {
			code: "payment/facilitator-empty",
			cause: attempt.error,
		});
	}
	return unclear(txHash);
}

async function made(db: Database, here: ReturnType<typeof and>, txHash: Hex | undefined): Promise<Deposited> {
	await db
		.update(deposits)
		.set({ status: "settled", ...(txHash && { txHash }) })
		.where(here);
	return { kind: "made", ...(txHash && { txHash }) };
}

function unclear(txHash: Hex | null | undefined): Deposited {
	return { kind: "unclear", ...(txHash && { txHash }) };
}

/** Whether the token has seen this authorisation; a cancelled one brought nothing, which the balance then shows. */
async function isUsed(
	{ ledger }: Depositing,
	{ payer, nonce }: { readonly payer: Address; readonly nonce: Hex },
): Promise<boolean> {
	const call = {
		address: ledger.addresses.openToken,
		abi: openTokenAbi,
		functionName: "authorizationState",
		args: [payer, nonce],
	} as const;
	return await asking(ledger, () => ledger.client.publicClient.readContract(call));
}

async function chainTime({ ledger }: Depositing): Promise<bigint> {
	return (await asking(ledger, () => ledger.client.publicClient.getBlock())).timestamp;
}

async function asking<T>({ client }: Ledger, ask: () => Promise<T>): Promise<T> {
	try {
		return await ask();
	} catch (cause) {
		throw unreachable(client.url, cause);
	}
}

function unreachable(url: string, cause: unknown): TransientError {
	return new TransientError(`no usable answer from the chain at ${url}; try again with the same payment`, {
		code: "chain/unreachable",
		cause,
	});
}

function explain(ledger: Ledger, reason: string | undefined, error: unknown): PaymentProblem {
	const refusal = contractErrorFrom(error);
	if (refusal instanceof ContractError) return problemOfContractError(refusal.errorName, refusal.message);
	// The library takes silence for a bad payment; the payer must not be told so.
	if (isSilent(error)) throw unreachable(ledger.client.url, error);
	return problemOfReason(reason ?? "unknown");
}
