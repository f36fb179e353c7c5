// Where the contracts lie: CREATE2 addresses that follow from their code and arguments alone, so that deploying twice
// changes nothing and anybody can compute them. It must not talk to a chain.
import { type Abi, type Address, encodeDeployData, getCreate2Address, type Hex, zeroHash } from "viem";
import {
	attributionRewardsAbi,
	attributionRewardsBytecode,
	datanetRegistryAbi,
	datanetRegistryBytecode,
	feeVaultAbi,
	feeVaultBytecode,
	juryAbi,
	juryBytecode,
	modelRegistryAbi,
	modelRegistryBytecode,
	openGovernorAbi,
	openGovernorBytecode,
	openTimelockAbi,
	openTimelockBytecode,
	openTokenAbi,
	openTokenBytecode,
	parametersAbi,
	parametersBytecode,
	stakePoolAbi,
	stakePoolBytecode,
} from "./generated/index.js";
import { type DeploymentSettings, parameterList } from "./parameters.js";

/** The deterministic deployment proxy, at the same address on every chain that has it (anvil and OP Stack do). */
export const CREATE2_DEPLOYER: Address = "0x4e59b44847b379578588920cA78FbF26c0B4956C";

/**
 * `treasury` gets the whole supply and the treasury's fees; `settler` is the first who submits reward roots; `deployer` tells the
 * contracts of one another once and hands the timelock to the governor, after which it may nothing.
 */
export type DeployRoles = DeploymentSettings & {
	readonly treasury: Address;
	readonly settler: Address;
	readonly deployer: Address;
};

export type Addresses = {
	readonly openToken: Address;
	readonly openTimelock: Address;
	readonly parameters: Address;
	readonly openGovernor: Address;
	readonly stakePool: Address;
	readonly jury: Address;
	readonly datanetRegistry: Address;
	readonly modelRegistry: Address;
	readonly attributionRewards: Address;
	readonly feeVault: Address;
};

export type DeploymentStep = { readonly name: keyof Addresses; readonly address: Address; readonly initCode: Hex };

/** The deployments in order, each with the code that makes it. */
export function deploymentPlan({
	treasury,
	settler,
	deployer,
	governance,
	parameters: constants,
}: DeployRoles): readonly DeploymentStep[] {
	const openToken = step("openToken", openTokenAbi, openTokenBytecode, [treasury]);
	const openTimelock = step("openTimelock", openTimelockAbi, openTimelockBytecode, [
		governance.timelockSeconds,
		deployer,
	]);
	const parameters = step("parameters", parametersAbi, parametersBytecode, [
		openTimelock.address,
		parameterList(constants),
	]);
	const openGovernor = step("openGovernor", openGovernorAbi, openGovernorBytecode, [
		openToken.address,
		openTimelock.address,
		governance,
	]);
	const stakePool = step("stakePool", stakePoolAbi, stakePoolBytecode, [
		openToken.address,
		parameters.address,
		treasury,
		deployer,
	]);
	const jury = step("jury", juryAbi, juryBytecode, [
		openToken.address,
		parameters.address,
		stakePool.address,
		deployer,
	]);
	const datanetRegistry = step("datanetRegistry", datanetRegistryAbi, datanetRegistryBytecode, [
		openToken.address,
		parameters.address,
		jury.address,
		treasury,
	]);
	const modelRegistry = step("modelRegistry", modelRegistryAbi, modelRegistryBytecode, [datanetRegistry.address]);
	const attributionRewards = step("attributionRewards", attributionRewardsAbi, attributionRewardsBytecode, [
		openToken.address,
		settler,
	]);
	const feeVault = step("feeVault", feeVaultAbi, feeVaultBytecode, [
		openToken.address,
		modelRegistry.address,
		attributionRewards.address,
		treasury,
	]);
	return [
		openToken,
		openTimelock,
		parameters,
		openGovernor,
		stakePool,
		jury,
		datanetRegistry,
		modelRegistry,
		attributionRewards,
		feeVault,
	];
}

/** Where the contracts of these roles lie, or would. */
export function contractAddresses(roles: DeployRoles): Addresses {
	return addressesOf(deploymentPlan(roles));
}

export function addressesOf(plan: readonly DeploymentStep[]): Addresses {
	return Object.fromEntries(plan.map(({ name, address }) => [name, address])) as Addresses;
}

function step(name: keyof Addresses, abi: Abi, bytecode: Hex, args: readonly unknown[]): DeploymentStep {
	const initCode = args.length === 0 ? bytecode : encodeDeployData({ abi, bytecode, args });
	return { name, initCode, address: getCreate2Address({ from: CREATE2_DEPLOYER, salt: zeroHash, bytecode: initCode }) };
}
