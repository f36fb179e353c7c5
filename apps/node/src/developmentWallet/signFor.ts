// What a wallet does when a page asks it, done with a key that this node keeps: signs a text, signs typed data, sends a transaction. A
// transaction goes the way of the node's own, through its journal and its numbering. It must not know who asked.

import { broadcastTransaction, fundAccount, localFaucet } from "@openledger/chain";
import { CallerError, type Hex } from "@openledger/protocol";
import { type Address, BaseError, type LocalAccount, type TypedDataDefinition } from "viem";
import { z } from "zod";
import type { NodeParts } from "../parts.js";

export const SIGNING_METHODS = ["personal_sign", "eth_signTypedData_v4", "eth_sendTransaction"] as const;
export type SigningMethod = (typeof SIGNING_METHODS)[number];

/** As much as a block's transaction may carry. */
const MOST_BYTES = 128 * 1024;
const MOST_GAS = 30_000_000n;
/** Below the first, an account's coins are filled up to the second: for gas alone. */
const FEW_COINS_WEI = 10n ** 17n;
const GAS_WEI = 10n ** 18n;

const hex = z
	.string()
	.max(2 + 2 * MOST_BYTES)
	.regex(/^0x(?:[0-9a-fA-F]{2})*$/, "must be bytes in hexadecimal");
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, "must be 0x and 40 hex digits");
const quantity = z.string().regex(/^0x[0-9a-fA-F]{1,64}$/, "must be a number in hexadecimal");

const personal = z.tuple([hex, address]);
const typed = z.tuple([address, z.union([z.string().max(MOST_BYTES), z.record(z.string(), z.unknown())])]);
/** Fees, numbers and types that a page proposes are left to the node, as its own. */
const transaction = z.tuple([
	z.object({
		from: address.optional(),
		to: address,
		data: hex.optional(),
		input: hex.optional(),
		value: quantity.optional(),
		gas: quantity.optional(),
	}),
]);
const domain = z.object({ chainId: z.union([z.number(), z.string()]).optional() });

/** The signature, or the transaction's hash. Throws `wallet/bad-request`, and what the chain says. */
export async function signFor(
	parts: NodeParts,
	account: LocalAccount,
	{ method, params }: { readonly method: SigningMethod; readonly params: unknown },
): Promise<Hex> {
	if (method === "personal_sign") {
		const [message, signer] = read(personal, params);
		isSame(account, signer);
		return await account.signMessage({ message: { raw: message as Hex } });
	}
	if (method === "eth_signTypedData_v4") {
		const [signer, given] = read(typed, params);
		isSame(account, signer);
		return await signTyped(parts, account, given);
	}
	const [{ from, to, data, input, value, gas }] = read(transaction, params);
	if (from !== undefined) isSame(account, from);
	const { client } = parts.ledger;
	if ((await client.publicClient.getBalance({ address: account.address })) < FEW_COINS_WEI)
		await fundAccount(client, localFaucet(), { to: account.address, atLeastWei: GAS_WEI });
	const asked = gas === undefined ? 0n : BigInt(gas);
	return await broadcastTransaction(client, account, {
		to: to as Address,
		...((data ?? input) !== undefined && { data: (data ?? input) as Hex }),
		...(value !== undefined && { value: BigInt(value) }),
		leastGas: asked < MOST_GAS ? asked : MOST_GAS,
	});
}

async function signTyped({ chainId }: NodeParts, account: LocalAccount, given: unknown): Promise<Hex> {
	let data = given as TypedDataDefinition;
	try {
		if (typeof given === "string") data = JSON.parse(given) as TypedDataDefinition;
	} catch (cause) {
		throw bad("typed data must be JSON", cause);
	}
	const named = domain.safeParse(data?.domain ?? {}).data?.chainId;
	// What names no chain would hold on each.
	if (Number(named) !== chainId) throw bad(`it is for chain ${named ?? "any"}; this one is ${chainId}`);
	try {
		return await account.signTypedData(data);
	} catch (cause) {
		throw bad(`it is no typed data: ${cause instanceof BaseError ? cause.shortMessage : "see EIP-712"}`, cause);
	}
}

function read<schema extends z.ZodType>(schema: schema, params: unknown): z.infer<schema> {
	const parsed = schema.safeParse(params);
	if (parsed.success) return parsed.data;
	const { path, message } = parsed.error.issues[0]!;
	throw bad(`params.${path.join(".")}: ${message}`);
}

function isSame(account: LocalAccount, asked: string): void {
	if (account.address.toLowerCase() !== asked.toLowerCase())
		throw bad(`${asked} is asked to sign, but ${account.address} was chosen`);
}

function bad(message: string, cause?: unknown): CallerError {
	return new CallerError(`the wallet was asked for what it cannot do: ${message}`, {
		code: "wallet/bad-request",
		cause,
	});
}
