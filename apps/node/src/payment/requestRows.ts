// The rows of paid answers: how they are written when a payment is held, found again, and forgotten.
// It must not know by which protocol the money comes.

import type { Address, Hex } from "@openledger/protocol";
import { and, asc, count, eq, ne, sql } from "drizzle-orm";
import { encodeAbiParameters, keccak256, parseAbiParameters } from "viem";
import type { Database, Transaction } from "../database/openDatabase.js";
import { type MethodName, requests } from "../database/schema.js";
import type { RequestRow, Sale } from "./method.js";

const REQUEST = parseAbiParameters("bytes32 payment, uint256 choice");
const NONCE = parseAbiParameters("bytes32 account, bytes32 requestId");

/** A payment's nonce in receipts: keccak256(abi.encode(channel or key id, keccak256(abi.encode(payment, choice)))). */
export function heldNonce(account: Hex, payment: Hex, choice: number): Hex {
	const requestId = keccak256(encodeAbiParameters(REQUEST, [payment, BigInt(choice)]));
	return keccak256(encodeAbiParameters(NONCE, [account, requestId]));
}

export type Held = {
	readonly method: Exclude<MethodName, "exact">;
	readonly payment: Hex;
	readonly payer: Address;
	/** The channel or the key. */
	readonly account: Hex;
	readonly payTo: Address;
	readonly identifier?: string | undefined;
	/** Of the deposit that came with it. */
	readonly txHash?: Hex | undefined;
};

/** Writes the answers of a sale down as held, within the transaction that holds the money. */
export async function insertHeld(tx: Transaction, sale: Sale, held: Held): Promise<void> {
	const { account, identifier = null, method, payTo, payment, txHash = null } = held;
	const payer = held.payer.toLowerCase() as Address;
	const takenAt = BigInt(Math.floor(Date.now() / 1000));
	for (const [choice, { modelId, order, tokensIn, maxWei }] of sale.lines.entries()) {
		await tx.insert(requests).values({
			payer,
			nonce: heldNonce(account, payment, choice),
			sequence: sql`(select coalesce(max(sequence), 0) + 1 from requests)`,
			...{ modelId, order, tokensIn, feeWei: maxWei },
			...{ requestHash: sale.requestHash, authorizationHash: payment, resource: sale.resource },
			...{ payTo, method, account, payment, choice, identifier, takenAt, txHash, status: "settled" as const },
		});
	}
}

/** A payment's answers, in their order. */
export async function readPayment(db: Database, payment: string): Promise<RequestRow[]> {
	return await db.select().from(requests).where(eq(requests.payment, payment)).orderBy(asc(requests.choice));
}

/** The first answer of the payment that its payer named so. */
export async function findIdentified(
	db: Database,
	payer: Address,
	identifier: string,
): Promise<RequestRow | undefined> {
	const named = and(
		eq(requests.payer, payer.toLowerCase() as Address),
		eq(requests.identifier, identifier),
		eq(requests.choice, 0),
	);
	return (await db.select().from(requests).where(named))[0];
}

/** How many answers are being made on an account's money. */
export async function countHeld(tx: Transaction, account: Hex): Promise<number> {
	const [found] = await tx
		.select({ held: count() })
		.from(requests)
		.where(and(eq(requests.account, account), eq(requests.status, "settled")));
	return found?.held ?? 0;
}

/** Forgets a held payment that was not charged. */
export async function deleteHeld(tx: Transaction, payment: string): Promise<void> {
	const held = and(eq(requests.payment, payment), eq(requests.status, "settled"), ne(requests.method, "exact"));
	await tx.delete(requests).where(held);
}
