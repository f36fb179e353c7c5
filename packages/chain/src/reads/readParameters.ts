// The governed constants as they are now, with their bounds, and governance's own settings beside them. Reads only.
import { stringToHex } from "viem";
import type { Ledger } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { openGovernorAbi, openTimelockAbi, parametersAbi } from "../generated/index.js";
import {
	GOVERNANCE_KEYS,
	type GovernanceKey,
	PARAMETER_KEYS,
	type Parameter,
	type ParameterKey,
	parameterKey,
} from "../parameters.js";

export type ReadParameter = Parameter & { readonly key: ParameterKey | GovernanceKey };

const SETTINGS = {
	votingDelaySeconds: "votingDelay",
	votingPeriodSeconds: "votingPeriod",
	lateQuorumSeconds: "lateQuorumVoteExtension",
	proposalThresholdWei: "proposalThreshold",
	quorumPercent: "quorumNumerator",
} as const;

/** All of them, in the order of PARAMETER_KEYS and GOVERNANCE_KEYS. */
export async function readParameters(ledger: Ledger): Promise<ReadParameter[]> {
	return await Promise.all([
		...PARAMETER_KEYS.map((key) => readParameter(ledger, key)),
		...GOVERNANCE_KEYS.map((key) => readSetting(ledger, key)),
	]);
}

/** One constant; throws `ContractError` UnknownParameter for a key that was not there at deployment. */
export async function readParameter(ledger: Ledger, key: ParameterKey): Promise<ReadParameter> {
	const at = { address: ledger.addresses.parameters, abi: parametersAbi, args: [parameterKey(key)] } as const;
	const [value, range] = await Promise.all([
		readContract(ledger, { ...at, functionName: "get" }),
		readContract(ledger, { ...at, functionName: "bounds" }),
	]);
	return { key, value: value!, min: range![0], max: range![1] };
}

async function readSetting(ledger: Ledger, key: GovernanceKey): Promise<ReadParameter> {
	const { openTimelock, openGovernor } = ledger.addresses;
	const args = [stringToHex(key, { size: 32 })] as const;
	const [value, range] =
		key === "timelockSeconds"
			? await Promise.all([
					readContract(ledger, { address: openTimelock, abi: openTimelockAbi, functionName: "getMinDelay", args: [] }),
					readContract(ledger, { address: openTimelock, abi: openTimelockAbi, functionName: "bounds", args }),
				])
			: await Promise.all([
					readContract(ledger, { address: openGovernor, abi: openGovernorAbi, functionName: SETTINGS[key], args: [] }),
					readContract(ledger, { address: openGovernor, abi: openGovernorAbi, functionName: "bounds", args }),
				]);
	return { key, value: BigInt(value as bigint | number), min: range![0], max: range![1] };
}
