// Who signs payments: a key in this process, or a wallet that asks its owner. It must not know what is signed for.
import { type Address, CallerError, type Hex } from "@openledger/protocol";
import type { WalletClient } from "viem";

/** An EIP-712 message (https://eips.ethereum.org/EIPS/eip-712). */
export type TypedDataToSign = {
	readonly domain: Record<string, unknown>;
	readonly types: Record<string, unknown>;
	readonly primaryType: string;
	readonly message: Record<string, unknown>;
};

/** Every account of viem with a key is one; so is whatever `walletAccount` makes of a browser's wallet. */
export type PayingAccount = {
	readonly address: Address;
	signTypedData(data: TypedDataToSign): Promise<Hex>;
};

/**
 * The account of a wallet client, such as wagmi's `getWalletClient` gives: the wallet signs, and shows its owner what.
 * Throws `sdk/no-account` if it has none.
 */
export function walletAccount(client: Pick<WalletClient, "account" | "signTypedData">): PayingAccount {
	const { account } = client;
	if (account === undefined)
		throw new CallerError("this wallet client has no account; connect the wallet first", { code: "sdk/no-account" });
	return {
		address: account.address,
		signTypedData: (data) => client.signTypedData({ account, ...data } as never),
	};
}

export type Refusals = {
	/** The same account; where it does not sign, `sdk/not-signed` is thrown, with what the wallet said as its cause. */
	readonly account: PayingAccount;
	/** The refusal behind an error that came out of a library which keeps no causes; else the error. */
	behind(error: unknown): unknown;
};

export function noticeRefusals(account: PayingAccount): Refusals {
	const refused: unknown[] = [];
	return {
		account: {
			address: account.address,
			async signTypedData(data) {
				try {
					return await account.signTypedData(data);
				} catch (cause) {
					const message = "the payment was not signed, so nothing was paid; sign it, or choose another way to pay";
					const refusal = new CallerError(message, { code: "sdk/not-signed", cause });
					refused.push(refusal);
					throw refusal;
				}
			},
		},
		behind(error) {
			const place = refused.indexOf(error);
			// A refusal fails one request: whichever error it came out as takes one.
			if (place >= 0) refused.splice(place, 1);
			else if (!(error instanceof CallerError)) return refused.shift() ?? error;
			return error;
		},
	};
}
