// One transaction, from the rehearsal to the block it is in, with every state in between told as it is.

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import type { Abi, Address, Hex, TransactionReceipt } from "viem";
import { useConfig } from "wagmi";
import { simulateContract, writeContract } from "wagmi/actions";
import type { Status } from "../api/useStatus.js";
import { awaitReceipt } from "./awaitReceipt.js";
import { explain, isRejected } from "./saidBy.js";

export { saidBy } from "./saidBy.js";

export type Call = {
	/** In plain words, for whoever signs: "Claim 1.2 OPEN for ada". */
	readonly label: string;
	readonly address: Address;
	readonly abi: Abi | readonly unknown[];
	readonly functionName: string;
	readonly args: readonly unknown[];
};

/** What is signed: so that it can be compared with what the wallet shows. */
type Signed = { readonly label: string; readonly functionName: string; readonly address: Address };

export type TransactionState =
	| { readonly step: "idle" }
	| ({ readonly step: "checking" } & Signed)
	| ({ readonly step: "signing" } & Signed)
	| ({ readonly step: "pending"; readonly hash: Hex } & Signed)
	| ({ readonly step: "done"; readonly hash: Hex; readonly receipt: TransactionReceipt } & Signed)
	| ({ readonly step: "rejected" } & Signed)
	| ({ readonly step: "failed"; readonly message: string; readonly hash?: Hex | undefined } & Signed);

export type Transaction = {
	readonly state: TransactionState;
	readonly isBusy: boolean;
	/** Rehearses, asks the wallet, waits for the block. Resolves to the receipt, or undefined where it was rejected or failed. */
	readonly send: (call: Call) => Promise<TransactionReceipt | undefined>;
	readonly reset: () => void;
};

const REVERTED = "It was mined and refused: something else came first. Look at the state again before repeating it.";
const UNKNOWN = {
	late: "It was sent, but stands in no block after three minutes. Look at the transaction before repeating it.",
	"other-chain": "The node's chain was replaced before it stood in a block; on the new one it never happened.",
} as const;

export function useTransaction(): Transaction {
	const config = useConfig();
	const queries = useQueryClient();
	const [state, setState] = useState<TransactionState>({ step: "idle" });
	const busy = useRef(false);
	const send = useCallback(
		async ({ label, address, abi, functionName, args }: Call) => {
			if (busy.current) return undefined;
			busy.current = true;
			const signed: Signed = { label, functionName, address };
			const { id: chainId } = config.chains[0];
			let hash: Hex | undefined;
			try {
				setState({ step: "checking", ...signed });
				// The chain is named each time: a wallet may have been switched to another one since the page was drawn.
				const call = { address, abi: abi as Abi, functionName, args, chainId };
				// In the block to come: where blocks come only with transactions, the latest one's time is long past.
				await simulateContract(config, { ...call, blockTag: "pending" });
				setState({ step: "signing", ...signed });
				hash = await writeContract(config, call);
				setState({ step: "pending", ...signed, hash });
				const chain = () => queries.getQueryData<Status>(["status"])?.genesisHash;
				const awaited = await awaitReceipt(config.getClient({ chainId }), hash, { chain });
				if ("unknown" in awaited) {
					setState({ step: "failed", ...signed, message: UNKNOWN[awaited.unknown], hash });
					return undefined;
				}
				const { receipt } = awaited;
				void queries.invalidateQueries();
				if (receipt.status === "reverted") {
					setState({ step: "failed", ...signed, message: REVERTED, hash: receipt.transactionHash });
					return undefined;
				}
				setState({ step: "done", ...signed, hash: receipt.transactionHash, receipt });
				return receipt;
			} catch (error) {
				if (isRejected(error)) setState({ step: "rejected", ...signed });
				else setState({ step: "failed", ...signed, message: await explain(error), hash });
				return undefined;
			} finally {
				busy.current = false;
			}
		},
		[config, queries],
	);
	const isBusy = ["checking", "signing", "pending"].includes(state.step);
	return { state, isBusy, send, reset: useCallback(() => setState({ step: "idle" }), []) };
}
