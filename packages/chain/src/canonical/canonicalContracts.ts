// Contracts of others that wallets and x402 clients expect at addresses known everywhere, and the very code that gives
// these addresses: they follow from it (CREATE2, or a transaction signed once for all chains), so none can be another's.
// Where each comes from stands beside its code, and in docs/canonical-contracts.md. It must not talk to a chain.
import type { Address, Hex } from "viem";
import erc3009DepositCollector from "./erc3009DepositCollector.json" with { type: "json" };
import multicall3 from "./multicall3.json" with { type: "json" };
import permit2 from "./permit2.json" with { type: "json" };
import permit2DepositCollector from "./permit2DepositCollector.json" with { type: "json" };
import x402BatchSettlement from "./x402BatchSettlement.json" with { type: "json" };

/** Where code comes from; `audit` names the report, or says that there is none. */
export type CodeOrigin = {
	readonly name: string;
	readonly address: Address;
	readonly repository: string;
	readonly commit: string;
	readonly source: string;
	readonly licence: string;
	readonly compiler: string;
	readonly audit: string;
	readonly initCodeKeccak256: Hex;
};

/** Deployed through the CREATE2 proxy: address = f(proxy, salt, initCode). */
export type Create2Contract = CodeOrigin & { readonly salt: Hex; readonly initCode: Hex };

/** Deployed by a transaction that its author signed once for every chain: `sender` needs `costWei` of native coin before. */
export type PresignedContract = CodeOrigin & {
	readonly sender: Address;
	readonly costWei: string;
	readonly runtimeKeccak256: Hex;
	readonly signedTransaction: Hex;
};

/** In order of deployment: the collectors name the settlement contract and Permit2. */
export const CREATE2_CONTRACTS: readonly Create2Contract[] = [
	permit2,
	x402BatchSettlement,
	erc3009DepositCollector,
	permit2DepositCollector,
] as readonly Create2Contract[];

export const PRESIGNED_CONTRACTS: readonly PresignedContract[] = [multicall3] as readonly PresignedContract[];

/** The addresses that @x402/evm and viem have written into their code. */
export const CANONICAL_ADDRESSES = {
	multicall3: multicall3.address as Address,
	permit2: permit2.address as Address,
	batchSettlement: x402BatchSettlement.address as Address,
	erc3009DepositCollector: erc3009DepositCollector.address as Address,
	permit2DepositCollector: permit2DepositCollector.address as Address,
} as const;
