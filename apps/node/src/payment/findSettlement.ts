// What the chain says about a payment, whoever put it there. Reads only.
import { type Ledger, openTokenAbi, readAuthorizedTransfer } from "@openledger/chain";
import { type Hex, TransientError } from "@openledger/protocol";
import { isAddressEqual } from "viem";
import type { PaymentRecord } from "./types.js";

type Terms = Pick<PaymentRecord, "payer" | "nonce" | "payTo" | "amountWei">;

/** The transaction that made this payment; undefined if none did. Throws `chain/unreachable`. */
export async function findSettlement(
	ledger: Ledger,
	{ payer, nonce, payTo, amountWei }: Terms,
): Promise<Hex | undefined> {
	const transfer = await readAuthorizedTransfer(ledger, payer, nonce);
	const made = transfer !== undefined && isAddressEqual(transfer.to, payTo) && transfer.amountWei === amountWei;
	if (!made) return undefined;
	const [log] = await asking(ledger, () =>
		ledger.client.publicClient.getContractEvents({
			address: ledger.addresses.openToken,
			abi: openTokenAbi,
			eventName: "AuthorizationUsed",
			args: { authorizer: payer, nonce },
			fromBlock: 0n,
		}),
	);
	return log?.transactionHash;
}

/** Whether a payment that is not on chain never can be: its time is over, or its nonce was spent on something else. */
export async function isDead(ledger: Ledger, { payer, nonce, validBefore }: PaymentRecord): Promise<boolean> {
	const { publicClient } = ledger.client;
	return await asking(ledger, async () => {
		const { timestamp } = await publicClient.getBlock();
		if (timestamp >= validBefore) return true;
		const call = {
			address: ledger.addresses.openToken,
			abi: openTokenAbi,
			functionName: "authorizationState",
		} as const;
		return await publicClient.readContract({ ...call, args: [payer, nonce] });
	});
}

async function asking<T>({ client }: Ledger, ask: () => Promise<T>): Promise<T> {
	try {
		return await ask();
	} catch (cause) {
		throw new TransientError(`no usable answer from the chain at ${client.url}; try again with the same payment`, {
			code: "chain/unreachable",
			cause,
		});
	}
}
