// The chain for outsiders with a key of their own: connect through a node's RPC address, then one verb per thing that the contracts can
// do. Apart from the rest of the SDK, because it brings the contracts' interfaces with it. It must not know how a node works inside.

import { type Addresses, type ChainClient, connect, contractAbis, type Ledger } from "@openledger/chain";
import { CallerError } from "@openledger/protocol";

export * from "@openledger/chain";

export type OpenLedger = {
	/** `rpcUrl` of a node's GET /api/status, or any RPC address of the chain. */
	readonly rpcUrl: string;
	readonly chainId: number;
	/** `addresses` of the same answer. */
	readonly addresses: Readonly<Record<string, string | undefined>>;
};

/** Connects and checks that every contract has its address; throws `sdk/missing-contract`, `chain/wrong-chain`, `chain/unreachable`. */
export async function openLedger({ rpcUrl, chainId, addresses }: OpenLedger): Promise<Ledger> {
	for (const name of Object.keys(contractAbis)) {
		if (!/^0x[0-9a-fA-F]{40}$/.test(addresses[name] ?? ""))
			throw new CallerError(`no address of the contract ${name} was given; is the node of another version?`, {
				code: "sdk/missing-contract",
			});
	}
	const client: ChainClient = await connect({ url: rpcUrl, chainId });
	return { client, addresses: addresses as Addresses };
}
