// A ledger to read, from a chain's URL and the contracts' addresses alone. Nothing is sent through it and nothing written down.

import { type Addresses, connect, type Ledger } from "@openledger/chain";
import { CallerError } from "@openledger/protocol";
import { isAddress } from "viem";

/** Contracts that a rebuild reads. */
const NEEDED = ["datanetRegistry", "modelRegistry", "attributionRewards", "feeVault"] as const;

/** Throws `ledger/bad-addresses`, and `chain/unreachable`. */
export async function ledgerAt(rpcUrl: string, addresses: unknown): Promise<Ledger> {
	const given = addresses as Readonly<Record<string, unknown>>;
	for (const name of NEEDED) {
		const address = given?.[name];
		if (typeof address === "string" && isAddress(address, { strict: false })) continue;
		const message = `the address of ${name} is ${JSON.stringify(address)}; give an object of contract names and addresses`;
		throw new CallerError(`${message}, as GET /api/status has them`, {
			code: "ledger/bad-addresses",
			details: { name },
		});
	}
	const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
	const headers = { "content-type": "application/json" };
	const asked = await fetch(rpcUrl, { method: "POST", headers, body }).then(
		(it) => it.json(),
		() => undefined,
	);
	const chainId = Number((asked as { result?: string } | undefined)?.result);
	// Where nobody answers, connecting says so.
	const client = await connect({ url: rpcUrl, chainId: Number.isSafeInteger(chainId) ? chainId : 0 });
	return { client, addresses: given as Addresses };
}
