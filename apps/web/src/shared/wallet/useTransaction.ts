// One transaction, from the rehearsal to the block it is in, with every state in between told as it is.

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import {
	type Abi,
	type Address,
	BaseError,
	ContractFunctionRevertedError,
	type Hex,
	type TransactionReceipt,
	UserRejectedRequestError,
} from "viem";
import { useConfig } from "wagmi";
import { simulateContract, waitForTransactionReceipt, writeContract } from "wagmi/actions";

export type Call = {
	/** In plain words, for whoever signs: "Claim 1.2 OPEN for ada". */
	readonly label: string;
	readonly address: Address;
	readonly abi: Abi | readonly unknown[];
	readonly functionName: string;
	readonly args: readonly unknown[];
};

export type TransactionState =
	| { readonly step: "idle" }
	| { readonly step: "checking"; readonly label: string }
	| { readonly step: "signing"; readonly label: string }
	| { readonly step: "pending"; readonly label: string; readonly hash: Hex }
	| { readonly step: "done"; readonly label: string; readonly hash: Hex; readonly receipt: TransactionReceipt }
	| { readonly step: "rejected"; readonly label: string }
	| { readonly step: "failed"; readonly label: string; readonly message: string; readonly hash?: Hex };

export type Transaction = {
	readonly state: TransactionState;
	readonly isBusy: boolean;
	/** Rehearses, asks the wallet, waits for the block. Resolves to the receipt, or undefined where it was rejected or failed. */
	readonly send: (call: Call) => Promise<TransactionReceipt | undefined>;
	readonly reset: () => void;
};

export function useTransaction(): Transaction {
	const config = useConfig();
	const queries = useQueryClient();
	const [state, setState] = useState<TransactionState>({ step: "idle" });
	const busy = useRef(false);
	const send = useCallback(
		async ({ label, address, abi, functionName, args }: Call) => {
			if (busy.current) return undefined;
			busy.current = true;
			let hash: Hex | undefined;
			try {
				setState({ step: "checking", label });
				const { request } = await simulateContract(config, { address, abi: abi as Abi, functionName, args });
				setState({ step: "signing", label });
				hash = await writeContract(config, request as never);
				setState({ step: "pending", label, hash });
				const receipt = await waitForTransactionReceipt(config, { hash });
				if (receipt.status === "reverted") {
					const message =
						"It was mined and refused: something else came first. Look at the state again before repeating it.";
					setState({ step: "failed", label, message, hash });
					return undefined;
				}
				setState({ step: "done", label, hash, receipt });
				await queries.invalidateQueries();
				return receipt;
			} catch (error) {
				if (error instanceof BaseError && error.walk((e) => e instanceof UserRejectedRequestError))
					setState({ step: "rejected", label });
				else setState({ step: "failed", label, message: saidBy(error), ...(hash && { hash }) });
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

/** The contract's own error by name, where one refused; else the first line of what the wallet or the chain said. */
export function saidBy(error: unknown): string {
	if (error instanceof BaseError) {
		const refused = error.walk((e) => e instanceof ContractFunctionRevertedError);
		if (refused instanceof ContractFunctionRevertedError && refused.data !== undefined) {
			const { errorName, args = [] } = refused.data;
			return `The contract refuses: ${errorName}(${args.map(String).join(", ")})`;
		}
		return error.shortMessage;
	}
	return error instanceof Error ? error.message : String(error);
}
