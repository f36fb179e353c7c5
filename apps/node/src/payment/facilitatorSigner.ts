// The x402 facilitator's hands on our chain: reads, and one kind of transaction, journalled before it is sent.
// It must not decide anything about payments.

import { broadcastTransaction, confirmTransaction, type Ledger } from "@openledger/chain";
import { CallerError, OpenLedgerError } from "@openledger/protocol";
import type { FacilitatorEvmSigner } from "@x402/evm";
import {
	type EncodeFunctionDataParameters,
	encodeFunctionData,
	isAddressEqual,
	type LocalAccount,
	verifyTypedData,
} from "viem";

/** Told of what the library swallows: errors of reads and sends, and the moment before and after a broadcast. */
export type FacilitatorWitness = {
	readonly onError: (error: unknown) => void;
	/** May throw to keep the transaction from being sent. */
	readonly beforeBroadcast: () => Promise<void>;
	readonly afterBroadcast: (hash: `0x${string}`) => Promise<void>;
};

export function facilitatorSigner(
	{ client, addresses }: Pick<Ledger, "client" | "addresses">,
	account: LocalAccount,
	witness: FacilitatorWitness,
): FacilitatorEvmSigner {
	const { publicClient } = client;
	const watched = async <T>(act: () => Promise<T>): Promise<T> => {
		try {
			return await act();
		} catch (error) {
			witness.onError(error);
			throw error;
		}
	};
	return {
		getAddresses: () => [account.address],
		async getCode(args) {
			const code = watched(() => publicClient.getCode(args));
			// The library begins to ask for the token's and hears of it late or never: a failure that nobody hears of would end the process. A token
			// without code it refuses, and the witness knows why.
			return await (isAddressEqual(args.address, addresses.openToken) ? code.catch(() => undefined) : code);
		},
		readContract: (args) => watched(() => publicClient.readContract({ ...args, account: account.address })),
		verifyTypedData: (args) => verifyTypedData(args as Parameters<typeof verifyTypedData>[0]),
		writeContract: ({ address, abi, functionName, args }) =>
			watched(async () => {
				const data = encodeFunctionData({ abi, functionName, args } as EncodeFunctionDataParameters);
				await witness.beforeBroadcast();
				const hash = await broadcastTransaction(client, account, { to: address, data });
				await witness.afterBroadcast(hash);
				return hash;
			}),
		// Only asked for to deploy contract wallets for their owners, which we do not offer.
		sendTransaction: () => {
			throw new CallerError("this facilitator deploys no wallets; deploy the payer's wallet first", {
				code: "payment/undeployed-wallet",
			});
		},
		waitForTransactionReceipt: ({ hash }) =>
			watched(async () => {
				try {
					await confirmTransaction(client, hash);
				} catch (error) {
					if (!(error instanceof OpenLedgerError) || error.code !== "chain/reverted") throw error;
				}
				const { status, logs } = await publicClient.getTransactionReceipt({ hash });
				return { status, logs };
			}),
	};
}
