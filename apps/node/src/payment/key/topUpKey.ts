// Creates a prepaid key, or adds to its balance, by one transfer to the node's till. The key itself is never seen here: its owner
// makes it and sends only its hash. It must not know HTTP frameworks.

import { canonicalJson, type Hex, sha256, utf8 } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "../../database/openDatabase.js";
import { apiKeys } from "../../database/schema.js";
import type { Payments } from "../createPayments.js";
import { answer, problem } from "../problems.js";
import type { PaymentAnswer } from "../types.js";
import type { TopUpStore } from "./openTopUpStore.js";

/** 0.01 OPEN: less would cost the node more gas than it is worth. */
const LEAST_WEI = 10n ** 16n;
/** 1,000,000 OPEN. */
const MOST_WEI = 10n ** 24n;

const shape = z.strictObject({
	keyHash: z.string().regex(/^0x[0-9a-fA-F]{64}$/, "must be the SHA-256 of the key's text, as 0x and 64 hex digits"),
	amountWei: z.string().regex(/^[1-9][0-9]{0,24}$/, "must be an amount in wei, as a decimal string"),
});

export type KeyState = {
	readonly id: Hex;
	readonly payer: Hex;
	readonly balanceWei: string;
	readonly heldWei: string;
	readonly spentWei: string;
};

export type ToppedUp = { readonly status: 200; readonly headers: Record<string, string>; readonly body: KeyState };

export type TopUp = {
	readonly db: Database;
	readonly payments: Payments;
	readonly store: TopUpStore;
	/** The node's till. */
	readonly payTo: Hex;
};

/** Takes the body `{keyHash, amountWei}` and the payment for it; a 402 says how to pay. The same payment again adds nothing. */
export async function topUpKey(
	{ db, payments, payTo, store }: TopUp,
	asked: { readonly resource: string; readonly body: unknown; readonly paymentHeader: string | null },
): Promise<ToppedUp | PaymentAnswer> {
	const parsed = shape.safeParse(asked.body);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		const message = `${issue!.path.join(".") || "the body"}: ${issue!.message}; send {"keyHash": "0x…", "amountWei": "…"}`;
		return answer(400, problem("malformed", message));
	}
	const keyId = parsed.data.keyHash.toLowerCase() as Hex;
	const amountWei = BigInt(parsed.data.amountWei);
	if (amountWei < LEAST_WEI || amountWei > MOST_WEI)
		return answer(400, problem("malformed", `amountWei must be from ${LEAST_WEI} to ${MOST_WEI}`));
	const quote = {
		resource: asked.resource,
		amountWei,
		payTo,
		description: `${amountWei} wei of OPEN for API key ${keyId}`,
	};
	if (asked.paymentHeader === null) return payments.quote(quote);
	const { paymentHeader } = asked;
	const requestHash = sha256(utf8(canonicalJson({ topUp: keyId, amountWei: String(amountWei) })));
	const acceptance = await store.expecting(requestHash, keyId, () =>
		payments.accept({ ...quote, paymentHeader, requestHash }),
	);
	if (acceptance.kind === "rejected") return acceptance;
	const body = await readKey(db, keyId);
	return { status: 200, headers: { "PAYMENT-RESPONSE": acceptance.responseHeader }, body: body! };
}

/** A key's state by its id; undefined if nobody ever paid for it. */
export async function readKey(db: Database, id: Hex): Promise<KeyState | undefined> {
	const [row] = await db.select().from(apiKeys).where(eq(apiKeys.id, id));
	if (row === undefined) return undefined;
	const { payer, balanceWei, heldWei, spentWei } = row;
	return { id, payer, balanceWei: `${balanceWei}`, heldWei: `${heldWei}`, spentWei: `${spentWei}` };
}
