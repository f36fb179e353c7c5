// Deploys what is not there yet. It must not know keys beyond the deployer's.

import { CallerError } from "@openledger/protocol";
import { concat, type LocalAccount, zeroHash } from "viem";
import type { ChainClient } from "../client/connect.js";
import { sendTransaction } from "../client/sendTransaction.js";
import {
	type Addresses,
	CREATE2_DEPLOYER,
	contractAddresses,
	type DeployRoles,
	deploymentPlan,
} from "../contractAddresses.js";

/** Deploys the five contracts at addresses that follow from code and roles; those already there are left alone. */
export async function deployContracts(
	client: ChainClient,
	deployer: LocalAccount,
	roles: DeployRoles,
): Promise<Addresses> {
	if (!(await hasCode(client, CREATE2_DEPLOYER))) {
		throw new CallerError(
			`chain ${client.chainId} lacks the deterministic deployment proxy ${CREATE2_DEPLOYER}; deploy it first`,
			{ code: "chain/no-create2-deployer" },
		);
	}
	for (const { address, initCode } of deploymentPlan(roles)) {
		if (await hasCode(client, address)) continue;
		await sendTransaction(client, deployer, { to: CREATE2_DEPLOYER, data: concat([zeroHash, initCode]) });
	}
	return contractAddresses(roles);
}

async function hasCode(client: ChainClient, address: `0x${string}`): Promise<boolean> {
	const code = await client.publicClient.getCode({ address });
	return code !== undefined && code !== "0x";
}
