// Deploys what is not there yet, tells the contracts of one another, and hands the timelock over. Each step looks first whether it is
// done, so it may be killed between any two and called again. It must not know keys beyond the deployer's.

import { CallerError } from "@openledger/protocol";
import { concat, type LocalAccount, zeroHash } from "viem";
import type { ChainClient } from "../client/connect.js";
import { sendTransaction } from "../client/sendTransaction.js";
import {
	type Addresses,
	addressesOf,
	CREATE2_DEPLOYER,
	type DeployRoles,
	deploymentPlan,
} from "../contractAddresses.js";
import { handOver } from "./handOver.js";
import { initialiseContracts } from "./initialiseContracts.js";

/** Deploys the contracts at addresses that follow from code and roles; those already there are left alone. */
export async function deployContracts(
	client: ChainClient,
	deployer: LocalAccount,
	roles: Omit<DeployRoles, "deployer">,
): Promise<Addresses> {
	if (!(await hasCode(client, CREATE2_DEPLOYER))) {
		throw new CallerError(
			`chain ${client.chainId} lacks the deterministic deployment proxy ${CREATE2_DEPLOYER}; deploy it first`,
			{ code: "chain/no-create2-deployer" },
		);
	}
	const all = { ...roles, deployer: deployer.address };
	const plan = deploymentPlan(all);
	for (const { address, initCode } of plan) {
		if (await hasCode(client, address)) continue;
		await sendTransaction(client, deployer, { to: CREATE2_DEPLOYER, data: concat([zeroHash, initCode]) });
	}
	const addresses = addressesOf(plan);
	await initialiseContracts({ client, addresses }, deployer, roles.settler);
	await handOver({ client, addresses }, deployer);
	return addresses;
}

async function hasCode(client: ChainClient, address: `0x${string}`): Promise<boolean> {
	const code = await client.publicClient.getCode({ address });
	return code !== undefined && code !== "0x";
}
