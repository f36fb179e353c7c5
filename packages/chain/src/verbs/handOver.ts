// Gives the timelock to the governor and leaves. It must not know what governance will decide.

import { keccak256, type LocalAccount, toHex, zeroHash } from "viem";
import { type Ledger, writeContract } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { openTimelockAbi } from "../generated/index.js";

/** Who may put operations into the timelock, and who may take them out again. */
const ROLES = ["PROPOSER_ROLE", "CANCELLER_ROLE"].map((name) => keccak256(toHex(name)));
const ADMIN = zeroHash;

/**
 * Lets the governor propose and cancel, then gives up the right to say so. Once the deployer is no longer admin nothing is left to
 * do: what governance changed since then is its own business.
 */
export async function handOver(ledger: Ledger, deployer: LocalAccount): Promise<void> {
	const { openTimelock: address, openGovernor } = ledger.addresses;
	const holds = (role: `0x${string}`, account: `0x${string}`) =>
		readContract(ledger, { address, abi: openTimelockAbi, functionName: "hasRole", args: [role, account] });
	if (!(await holds(ADMIN, deployer.address))) return;
	for (const role of ROLES) {
		if (await holds(role, openGovernor)) continue;
		const args = [role, openGovernor] as const;
		await writeContract(ledger, deployer, { address, abi: openTimelockAbi, functionName: "grantRole", args });
	}
	const args = [ADMIN, deployer.address] as const;
	await writeContract(ledger, deployer, { address, abi: openTimelockAbi, functionName: "renounceRole", args });
}
