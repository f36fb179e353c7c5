// Puts the contracts that everybody expects at known addresses where they belong, by plain transactions: they stand in
// the journal, so a chain begun anew has them again. It must not know what they are used for.
import { CallerError } from "@openledger/protocol";
import { concat, type Hex, keccak256, type LocalAccount } from "viem";
import {
	CANONICAL_ADDRESSES,
	CREATE2_CONTRACTS,
	PRESIGNED_CONTRACTS,
	type PresignedContract,
} from "../canonical/canonicalContracts.js";
import type { ChainClient } from "../client/connect.js";
import { confirmTransaction, sendTransaction } from "../client/sendTransaction.js";
import { CREATE2_DEPLOYER } from "../contractAddresses.js";
import { fundAccount } from "./fundAccount.js";

/**
 * Deploys Multicall3, Permit2, x402's batch settlement and its two deposit collectors; what is there is left alone.
 * `deployer` needs about a quarter of a native coin on a fresh chain, 0.1 of it for Multicall3's signed transaction.
 * Throws `chain/no-create2-deployer` and `chain/other-code` if something else stands at such an address.
 */
export async function deployCanonical(
	client: ChainClient,
	deployer: LocalAccount,
): Promise<typeof CANONICAL_ADDRESSES> {
	if ((await codeAt(client, CREATE2_DEPLOYER)) === undefined) {
		throw new CallerError(
			`chain ${client.chainId} lacks the deterministic deployment proxy ${CREATE2_DEPLOYER}; deploy it first`,
			{ code: "chain/no-create2-deployer" },
		);
	}
	for (const { address, salt, initCode } of CREATE2_CONTRACTS) {
		if ((await codeAt(client, address)) !== undefined) continue;
		await sendTransaction(client, deployer, { to: CREATE2_DEPLOYER, data: concat([salt, initCode]) });
	}
	for (const contract of PRESIGNED_CONTRACTS) await deployPresigned(client, deployer, contract);
	return CANONICAL_ADDRESSES;
}

async function deployPresigned(
	client: ChainClient,
	deployer: LocalAccount,
	contract: PresignedContract,
): Promise<void> {
	if ((await codeAt(client, contract.address)) === undefined) {
		const { sender, costWei, signedTransaction } = contract;
		const nonce = await client.publicClient.getTransactionCount({ address: sender });
		if (nonce === 0) {
			await fundAccount(client, deployer, { to: sender, atLeastWei: BigInt(costWei) });
			await send(client, signedTransaction);
		}
	}
	const code = await codeAt(client, contract.address);
	if (code !== undefined && keccak256(code) === contract.runtimeKeccak256) return;
	throw new CallerError(
		`${contract.address} does not hold ${contract.name}; use a chain where nobody else used ${contract.sender}`,
		{ code: "chain/other-code", details: { address: contract.address, name: contract.name } },
	);
}

/** Two starts at once send the same bytes; the second is told that they are known already. */
async function send(client: ChainClient, signed: Hex): Promise<void> {
	const hash = keccak256(signed);
	try {
		await client.publicClient.sendRawTransaction({ serializedTransaction: signed });
	} catch (error) {
		const known = await client.publicClient.getTransaction({ hash }).catch(() => undefined);
		if (known === undefined) throw error;
	}
	await confirmTransaction(client, hash);
}

async function codeAt(client: ChainClient, address: `0x${string}`): Promise<Hex | undefined> {
	return await client.publicClient.getCode({ address });
}
