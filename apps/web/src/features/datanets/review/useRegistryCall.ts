// One call of the datanet registry, after the allowance it may need.

import { datanetRegistryAbi, openTokenAbi } from "@openledger/sdk/ledger";
import type { Address, Hex } from "viem";
import { useConfig } from "wagmi";
import { readContract } from "wagmi/actions";
import { useStatus } from "../../../shared/api/useStatus.js";
import { exactOpen } from "../../../shared/format/open.js";
import { type Transaction, useTransaction } from "../../../shared/wallet/useTransaction.js";

export type RegistryCall = {
	readonly label: string;
	readonly functionName: "challenge" | "appeal" | "defend" | "resolve" | "finalise" | "takeBack" | "withdraw";
	readonly arg: Hex;
	/** OPEN that the call takes. */
	readonly costWei?: bigint;
};

export function useRegistryCall(account: Address): {
	readonly tx: Transaction;
	readonly call: (wanted: RegistryCall) => Promise<void>;
} {
	const config = useConfig();
	const addresses = useStatus().data?.addresses;
	const tx = useTransaction();
	const call = async ({ label, functionName, arg, costWei = 0n }: RegistryCall) => {
		const registry = addresses?.datanetRegistry;
		const token = addresses?.openToken;
		if (registry === undefined || token === undefined) return;
		if (costWei > 0n) {
			const spent = { address: token, abi: openTokenAbi } as const;
			const allowed = await readContract(config, { ...spent, functionName: "allowance", args: [account, registry] });
			const allow = `Allow the datanet registry to take ${exactOpen(costWei)} OPEN`;
			const args = [registry, costWei] as const;
			if (allowed < costWei && !(await tx.send({ label: allow, ...spent, functionName: "approve", args }))) return;
		}
		await tx.send({ label, address: registry, abi: datanetRegistryAbi, functionName, args: [arg] });
	};
	return { tx, call };
}
