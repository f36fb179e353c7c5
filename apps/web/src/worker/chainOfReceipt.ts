// The chain as a receipt names it: from the vault that it is signed for to every contract that says something about it, by eth_call alone. Whose
// answers these are depends on the RPC address; what the contracts say of each other does not.

import type { Receipt } from "@openledger/protocol";
import { connect, feeVaultAbi, type Ledger, modelRegistryAbi } from "@openledger/sdk/ledger";
import { Unavailable } from "./evidenceSource.js";

/** The ledger of the contracts that the vault names. Throws `Unavailable`. */
export async function chainOfReceipt(rpcUrl: string, { chainId, vault }: Receipt): Promise<Ledger> {
	try {
		const client = await connect({ url: rpcUrl, chainId: Number(chainId) });
		const ask = { address: vault, abi: feeVaultAbi } as const;
		const [modelRegistry, openToken, attributionRewards] = await Promise.all([
			client.publicClient.readContract({ ...ask, functionName: "models" }),
			client.publicClient.readContract({ ...ask, functionName: "token" }),
			client.publicClient.readContract({ ...ask, functionName: "rewards" }),
		]);
		const datanetRegistry = await client.publicClient.readContract({
			address: modelRegistry,
			abi: modelRegistryAbi,
			functionName: "datanets",
		});
		const addresses = { feeVault: vault, modelRegistry, openToken, attributionRewards, datanetRegistry };
		// Only what these contracts say is read.
		return { client, addresses: addresses as unknown as Ledger["addresses"] };
	} catch (cause) {
		const said = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
		throw new Unavailable(`the vault ${vault} of chain ${chainId} does not answer at ${rpcUrl}: ${said}`, { cause });
	}
}
