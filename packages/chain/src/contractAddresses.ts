// Where the contracts lie: CREATE2 addresses that follow from their code and arguments alone, so that deploying twice
// changes nothing and anybody can compute them. It must not talk to a chain.
import { type Abi, type Address, encodeDeployData, getCreate2Address, type Hex, zeroHash } from "viem";
import { grantList } from "./allocation.js";
import * as made from "./generated/index.js";
import { type DeploymentSettings, parameterList } from "./parameters.js";

/** The deterministic deployment proxy, at the same address on every chain that has it (anvil and OP Stack do). */
export const CREATE2_DEPLOYER: Address = "0x4e59b44847b379578588920cA78FbF26c0B4956C";

/**
 * `treasury` gets the whole supply, which the allocation's grants are then funded from, and the treasury's fees; `settler` is the first who proposes reward roots; `deployer` tells the
 * contracts of one another once and hands the timelock to the governor, after which it may nothing.
 */
export type DeployRoles = DeploymentSettings & {
	readonly treasury: Address;
	readonly settler: Address;
	readonly deployer: Address;
};

const ARTIFACTS: Readonly<Record<string, Abi | Hex>> = { ...made };

/** In order of deployment. */
const NAMES = [
	"openToken",
	"openTimelock",
	"parameters",
	"openGovernor",
	"stakePool",
	"jury",
	"datanetRegistry",
	"modelRegistry",
	"attributionRewards",
	"feeVault",
	"rootChallenges",
	"trainingJobs",
	"disputes",
	"tokenAllocation",
] as const;

type Name = (typeof NAMES)[number];
export type Addresses = Readonly<Record<Name, Address>>;
export type DeploymentStep = { readonly name: Name; readonly address: Address; readonly initCode: Hex };

/** The deployments in order, each with the code that makes it. */
export function deploymentPlan(roles: DeployRoles): readonly DeploymentStep[] {
	const { treasury, deployer, governance } = roles;
	const plan: DeploymentStep[] = [];
	const deploy = (name: Name, args: readonly unknown[]): Address => {
		const { abi, bytecode } = artifactOf(name);
		const initCode = args.length === 0 ? bytecode : encodeDeployData({ abi, bytecode, args });
		const address = getCreate2Address({ from: CREATE2_DEPLOYER, salt: zeroHash, bytecode: initCode });
		plan.push({ name, initCode, address });
		return address;
	};
	const token = deploy("openToken", [treasury]);
	const timelock = deploy("openTimelock", [governance.timelockSeconds, deployer]);
	const parameters = deploy("parameters", [timelock, parameterList(roles.parameters)]);
	deploy("openGovernor", [token, timelock, governance]);
	const stakes = deploy("stakePool", [token, parameters, treasury, deployer]);
	const jury = deploy("jury", [token, parameters, stakes, deployer]);
	const datanets = deploy("datanetRegistry", [token, parameters, jury, treasury]);
	const models = deploy("modelRegistry", [datanets]);
	const rewards = deploy("attributionRewards", [token, parameters, stakes, deployer]);
	const vault = deploy("feeVault", [token, models, rewards, treasury]);
	deploy("rootChallenges", [token, parameters, stakes, jury, models, rewards, vault]);
	const jobs = deploy("trainingJobs", [token, parameters, stakes, datanets, deployer]);
	deploy("disputes", [token, parameters, jobs, jury, treasury]);
	deploy("tokenAllocation", [token, grantList(roles.allocation, { openTimelock: timelock, treasury })]);
	return plan;
}

/** Where the contracts of these roles lie, or would. */
export function contractAddresses(roles: DeployRoles): Addresses {
	return addressesOf(deploymentPlan(roles));
}

export function addressesOf(plan: readonly DeploymentStep[]): Addresses {
	return Object.fromEntries(plan.map(({ name, address }) => [name, address])) as Addresses;
}

function artifactOf(name: Name): { readonly abi: Abi; readonly bytecode: Hex } {
	return { abi: ARTIFACTS[`${name}Abi`] as Abi, bytecode: ARTIFACTS[`${name}Bytecode`] as Hex };
}
