// What a proposal would do, in words: which function of which contract, with which arguments, and in which unit they count.
// It must not talk to a chain.
import { CallerError } from "@openledger/protocol";
import {
	type Abi,
	type AbiFunction,
	type Address,
	decodeFunctionData,
	encodeFunctionData,
	getAddress,
	type Hex,
	hexToString,
} from "viem";
import { type ContractName, contractAbis } from "../contractAbis.js";
import type { Addresses } from "../contractAddresses.js";
import { parameterKey } from "../parameters.js";

/** One call of a proposal. */
export type Action = { readonly target: Address; readonly valueWei: bigint; readonly data: Hex };

export type DecodedArgument = {
	readonly name: string;
	readonly type: string;
	readonly value: unknown;
	readonly shown: string;
};
export type DecodedAction = Action & {
	/** Undefined where target or function is none of ours. */
	readonly contract?: ContractName;
	readonly functionName?: string;
	readonly args: readonly DecodedArgument[];
	/** `parameters.set(challengeSeconds, 7200)`; the calldata itself where nothing is known of it. */
	readonly text: string;
};

/** Names target, function and arguments of each action. */
export function decodeAction(addresses: Addresses, action: Action): DecodedAction {
	const contract = contractAt(addresses, action.target);
	const unknown = { ...action, args: [], text: `${contract ?? action.target} ${action.data}` };
	if (contract === undefined) return unknown;
	try {
		const { functionName, args = [] } = decodeFunctionData({ abi: contractAbis[contract], data: action.data });
		const { inputs } = functionOf(contractAbis[contract], functionName, args.length);
		const decoded = inputs.map(({ name = "", type }, i) => ({
			name,
			type,
			value: args[i],
			shown: show(addresses, type, args[i]),
		}));
		const text = `${contract}.${functionName}(${decoded.map(({ shown }) => shown).join(", ")})`;
		return { ...action, contract, functionName, args: decoded, text };
	} catch {
		return { ...unknown, contract };
	}
}

/** The action that sets a governed constant; its own contract says whether the value is within bounds. */
export function setParameterAction(addresses: Addresses, key: string, value: bigint): Action {
	return callAction(addresses, "parameters", "set", [parameterKey(key), value]);
}

/** An action of any function of our contracts; throws `governance/bad-call` where there is no such function or the arguments do not fit. */
export function callAction(
	addresses: Addresses,
	contract: string,
	functionName: string,
	args: readonly unknown[],
): Action {
	const abi = contractAbis[contract as ContractName];
	if (abi === undefined)
		throw bad(`there is no contract ${JSON.stringify(contract)}; it is one of ${Object.keys(contractAbis).join(", ")}`);
	functionOf(abi, functionName, args.length);
	try {
		return {
			target: addresses[contract as ContractName],
			valueWei: 0n,
			data: encodeFunctionData({ abi, functionName, args }),
		};
	} catch (cause) {
		throw bad(`the arguments do not fit ${contract}.${functionName}: ${(cause as Error).message.split("\n")[0]}`);
	}
}

/**
 * Reads `contract.function(first, second)` as people write it; numbers may carry their unit (`10 OPEN`, `2 d`, `5 %`), addresses may be our
 * contracts' names, keys of constants stand as text. Lists and structs are not read. Throws `governance/bad-call`.
 */
export function parseAction(addresses: Addresses, text: string): Action {
	const parts = /^\s*(\w+)\.(\w+)\s*\((.*)\)\s*$/.exec(text);
	if (parts === null) throw bad(`${JSON.stringify(text)} is no call; write it like parameters.set(jurySize, 7)`);
	const [, contract = "", functionName = "", inner = ""] = parts;
	const abi = contractAbis[contract as ContractName];
	if (abi === undefined) return callAction(addresses, contract, functionName, []);
	const given = inner.trim() === "" ? [] : inner.split(",").map((arg) => arg.trim());
	const { inputs } = functionOf(abi, functionName, given.length);
	const args = inputs.map(({ type, name = "" }, i) => parseArgument(addresses, type, given[i]!, name));
	return callAction(addresses, contract, functionName, args);
}

const UNITS: Readonly<Record<string, { readonly ends: string; readonly times: bigint }>> = {
	OPEN: { ends: "Wei", times: 10n ** 18n },
	s: { ends: "Seconds", times: 1n },
	min: { ends: "Seconds", times: 60n },
	h: { ends: "Seconds", times: 3600n },
	d: { ends: "Seconds", times: 86_400n },
	"%": { ends: "Ppm", times: 10_000n },
};

/** A whole number, or one with up to 18 decimals and a unit: OPEN, s, min, h, d, %. Throws `governance/bad-call`. */
export function parseNumber(text: string): bigint {
	const parts = /^(\d{1,78})(?:\.(\d{1,18}))?\s*(OPEN|s|min|h|d|%)?$/.exec(text.replaceAll("_", ""));
	const unit = parts?.[3];
	if (parts === null || (parts[2] !== undefined && unit === undefined))
		throw bad(`${JSON.stringify(text)} is no number; write 7200, 2 h, 10 OPEN or 5 %`);
	const [, whole = "0", fraction = ""] = parts;
	const { times } = unit === undefined ? { times: 1n } : UNITS[unit]!;
	const scaled = BigInt(whole + fraction) * times;
	const divisor = 10n ** BigInt(fraction.length);
	if (scaled % divisor !== 0n) throw bad(`${JSON.stringify(text)} has more decimals than its unit counts`);
	return scaled / divisor;
}

/** A value in the unit that the last word of its name says: seconds, wei, parts per million, or a plain count. */
export function showValue(key: string, value: bigint): string {
	if (key.endsWith("Seconds")) return showSeconds(value);
	if (key.endsWith("Wei")) return `${showOpen(value)} OPEN`;
	if (key.endsWith("Ppm")) return `${Number(value) / 10_000} %`;
	if (key.endsWith("Percent")) return `${value} %`;
	return String(value);
}

function showSeconds(seconds: bigint): string {
	for (const [unit, size] of [
		["d", 86_400n],
		["h", 3600n],
		["min", 60n],
	] as const)
		if (seconds >= size && seconds % size === 0n) return `${seconds / size} ${unit}`;
	return `${seconds} s`;
}

function showOpen(wei: bigint): string {
	const fraction = (wei % 10n ** 18n).toString().padStart(18, "0").replace(/0+$/, "");
	const whole = (wei / 10n ** 18n).toString().replace(/\B(?=(\d{3})+$)/g, ",");
	return fraction === "" ? whole : `${whole}.${fraction}`;
}

function parseArgument(addresses: Addresses, type: string, text: string, name: string): unknown {
	if (type === "bool") {
		if (text === "true" || text === "false") return text === "true";
		throw bad(`${name}: ${JSON.stringify(text)} must be true or false`);
	}
	if (/^u?int\d*$/.test(type)) return parseNumber(text);
	if (type === "address") {
		const known = addresses[text as ContractName];
		if (known !== undefined) return known;
		if (/^0x[0-9a-fA-F]{40}$/.test(text)) return getAddress(text.toLowerCase());
		throw bad(`${name}: ${JSON.stringify(text)} is no address, nor the name of one of our contracts`);
	}
	if (type === "bytes32") return /^0x[0-9a-fA-F]{64}$/.test(text) ? text : parameterKey(text);
	if (type === "string") return text;
	if (type === "bytes" && /^0x([0-9a-fA-F]{2})*$/.test(text)) return text;
	throw bad(`${name}: a value of type ${type} cannot be written here; use the SDK's callAction`);
}

function functionOf(abi: Abi, name: string, count: number): AbiFunction {
	const named = abi.filter((entry): entry is AbiFunction => entry.type === "function" && entry.name === name);
	const found = named.find(({ inputs }) => inputs.length === count);
	if (found !== undefined) return found;
	const signatures = named.map(
		({ inputs }) => `${name}(${inputs.map(({ type, name: n }) => `${type} ${n}`).join(", ")})`,
	);
	throw bad(
		named.length === 0
			? `there is no function ${JSON.stringify(name)} in that contract`
			: `it is ${signatures.join(" or ")}`,
	);
}

function contractAt(addresses: Addresses, target: Address): ContractName | undefined {
	const wanted = target.toLowerCase();
	return (Object.keys(addresses) as ContractName[]).find((name) => addresses[name].toLowerCase() === wanted);
}

function show(addresses: Addresses, type: string, value: unknown): string {
	if (type === "address") return contractAt(addresses, value as Address) ?? String(value);
	if (type === "bytes32") return asKey(value as Hex) ?? String(value);
	if (Array.isArray(value))
		return `[${value.map((one) => show(addresses, type.replace(/\[\d*\]$/, ""), one)).join(", ")}]`;
	if (typeof value === "object" && value !== null)
		return JSON.stringify(value, (_key, item) => (typeof item === "bigint" ? item.toString() : item));
	return String(value);
}

/** Text in 32 bytes, if it is the name of a constant or a role rather than a digest. */
function asKey(value: Hex): string | undefined {
	const text = hexToString(value, { size: 32 });
	return /^[A-Za-z]{2,31}$/.test(text) ? text : undefined;
}

function bad(message: string): CallerError {
	return new CallerError(message, { code: "governance/bad-call" });
}
