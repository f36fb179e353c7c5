// What a transaction calls and what contracts said about it, by their interfaces. What no interface of ours knows stays as it is: hex.

import { batchSettlementAbi, contractAbis } from "@openledger/sdk/ledger";
import {
	type Abi,
	type AbiEvent,
	type AbiFunction,
	type AbiParameter,
	type Address,
	decodeErrorResult,
	decodeEventLog,
	decodeFunctionData,
	getAbiItem,
	getCreate2Address,
	type Hex,
	type Log,
	size,
	slice,
} from "viem";
import { CHANNELS, contractAt, DEPLOYMENT_PROXY, inWords, nameAt, titleOf } from "./contracts.js";

export type Addresses = Readonly<Record<string, Address>>;
export type Argument = { readonly parameter: AbiParameter; readonly value: unknown };
export type DecodedCall = {
	/** "Attribution rewards: claim", in few words; for lists. */
	readonly title: string;
	/** Name of the contract's address, where it is ours. */
	readonly contract?: string | undefined;
	readonly functionName?: string;
	readonly args?: readonly Argument[];
	/** What could not be decoded. */
	readonly data?: Hex;
	/** The data is a contract's code. */
	readonly isCode?: boolean;
};
export type DecodedEvent = {
	readonly key: string;
	readonly address: Address;
	readonly contract?: string | undefined;
	readonly eventName?: string;
	readonly args?: readonly Argument[];
	readonly topics?: readonly Hex[];
	readonly data?: Hex;
};

const SELECTOR = 4;
const SALT = 32;

function interfaceAt(addresses: Addresses, address: string): Abi | undefined {
	if (address.toLowerCase() === CHANNELS) return batchSettlementAbi;
	const key = contractAt(addresses, address);
	return key === undefined ? undefined : (contractAbis as Readonly<Record<string, Abi>>)[key];
}

export function decodeCall(addresses: Addresses, to: Address | null, input: Hex): DecodedCall {
	if (to === null) return { title: "Deploys a contract", data: input, isCode: true };
	const called = nameAt(addresses, to);
	if (to.toLowerCase() === DEPLOYMENT_PROXY && size(input) > SALT) {
		const made = getCreate2Address({ from: to, salt: slice(input, 0, SALT), bytecode: slice(input, SALT) });
		return { title: `Deploys: ${nameAt(addresses, made) ?? made}`, data: input, isCode: true };
	}
	if (input === "0x") return { title: called === undefined ? "Sends native coin" : `Sends native coin to ${called}` };
	const abi = interfaceAt(addresses, to);
	if (abi === undefined || size(input) < SELECTOR)
		return { title: `Calls ${called ?? "an unknown contract"}`, data: input };
	const contract = contractAt(addresses, to);
	try {
		const item = getAbiItem({ abi, name: slice(input, 0, SELECTOR) } as never) as unknown as AbiFunction;
		const { functionName, args = [] } = decodeFunctionData({ abi, data: input });
		return {
			...{ title: `${called}: ${inWords(functionName)}`, contract, functionName },
			args: item.inputs.map((parameter, i) => ({ parameter, value: args[i] })),
		};
	} catch {
		return { title: `Calls ${called}`, contract, data: input };
	}
}

export function decodeEvent(addresses: Addresses, log: Log): DecodedEvent {
	const { address, topics, data } = log;
	const key = `${log.blockNumber}.${log.logIndex}`;
	const abi = interfaceAt(addresses, address);
	const contract = contractAt(addresses, address);
	try {
		if (abi === undefined) throw new Error("unknown");
		const item = getAbiItem({ abi, name: topics[0]! } as never) as unknown as AbiEvent;
		const { eventName, args = {} } = decodeEventLog({ abi, topics, data }) as {
			readonly eventName: string;
			readonly args?: Readonly<Record<string, unknown>>;
		};
		const named = item.inputs.map((parameter) => ({ parameter, value: args[parameter.name ?? ""] }));
		return { key, address, contract, eventName, args: named };
	} catch {
		return { key, address, contract, topics, data };
	}
}

/** An error of any of our contracts: `StillOpen()`; undefined where none has it. */
export function decodeRefusal(data: Hex): string | undefined {
	for (const [key, abi] of Object.entries(contractAbis)) {
		try {
			const { errorName, args = [] } = decodeErrorResult({ abi: abi as Abi, data });
			return `${titleOf(key)}: ${errorName}(${args.map(String).join(", ")})`;
		} catch {
			// Another contract may know it.
		}
	}
	return undefined;
}
