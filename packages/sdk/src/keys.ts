// Prepaid keys: made here, paid for, asked about. The node learns a key only when it is used; it is bought by its hash, because
// what pays for it stands on a public chain.
import { bytesToHex, CallerError, type Hex, sha256, TransientError, utf8 } from "@openledger/protocol";

export type KeyState = {
	/** SHA-256 of the key's text. */
	readonly id: Hex;
	/** Who paid for it first; the payer in its receipts. */
	readonly payer: Hex;
	/** What is left. */
	readonly balanceWei: bigint;
	/** Of it, what answers under way may still cost. */
	readonly heldWei: bigint;
	readonly spentWei: bigint;
};

export type BuyKey = {
	/** Origin of the node. */
	readonly url: string;
	/** A fetch that pays: `createPayingFetch` with `maxWeiPerRequest` of at least the amount. */
	readonly fetch: typeof fetch;
	readonly amountWei: bigint;
};

const PATH = "/v1/openledger/keys";

/** A fresh key, known to nobody: `olk_` and 32 random bytes in hex. */
export function newKey(): string {
	return `olk_${bytesToHex(crypto.getRandomValues(new Uint8Array(32))).slice(2)}`;
}

/**
 * Makes a key and pays for its balance. Nobody else knows the key: to be safe against a lost answer, make it with `newKey`, keep
 * it, and pass it in. Throws `payment/…`, `sdk/…`.
 */
export async function createKey({
	key = newKey(),
	...buy
}: BuyKey & { readonly key?: string }): Promise<KeyState & { readonly key: string }> {
	return { key, ...(await topUpKey({ ...buy, key })) };
}

/** Adds to a key's balance. */
export async function topUpKey({
	amountWei,
	fetch: pay,
	key,
	url,
}: BuyKey & { readonly key: string }): Promise<KeyState> {
	const body = JSON.stringify({ keyHash: sha256(utf8(key)), amountWei: String(amountWei) });
	const headers = { "content-type": "application/json" };
	return await stateOf(await pay(new URL(PATH, url), { method: "POST", headers, body }));
}

/** What a key has left. Throws `payment/unknown-key` if nobody paid for it. */
export async function readKey({
	fetch: carry = fetch,
	key,
	url,
}: {
	readonly url: string;
	readonly key: string;
	readonly fetch?: typeof fetch;
}): Promise<KeyState> {
	return await stateOf(await carry(new URL(`${PATH}/me`, url), { headers: { authorization: `Bearer ${key}` } }));
}

async function stateOf(response: Response): Promise<KeyState> {
	const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
	if (response.ok) {
		const { id, payer, balanceWei, heldWei, spentWei } = body as Record<string, string>;
		return {
			id: id as Hex,
			payer: payer as Hex,
			balanceWei: BigInt(balanceWei!),
			heldWei: BigInt(heldWei!),
			spentWei: BigInt(spentWei!),
		};
	}
	const { code, message } = (body.error ?? {}) as { code?: string; message?: string };
	const said = `the node answered ${response.status}: ${message ?? "nothing more"}`;
	if (response.status >= 500) throw new TransientError(said, { code: code ?? "sdk/unreachable" });
	throw new CallerError(said, { code: code ?? "sdk/refused" });
}
