// Calls, events and refusals by their interfaces: what is known is named, what is not stays hex and never throws.

import { attributionRewardsAbi, modelRegistryAbi, openTokenAbi } from "@openledger/sdk/ledger";
import {
	type Address,
	encodeAbiParameters,
	encodeErrorResult,
	encodeEventTopics,
	encodeFunctionData,
	type Hex,
	type Log,
} from "viem";
import { expect, test } from "vitest";
import { inWords } from "./contracts.js";
import { decodeCall, decodeEvent, decodeRefusal } from "./decode.js";

const at = (digits: string): Address => `0x${digits.repeat(20)}`;
const addresses = { openToken: at("aa"), attributionRewards: at("bb"), modelRegistry: at("cc") };
const valuesOf = (args: readonly { readonly parameter: { readonly name?: string }; readonly value: unknown }[] = []) =>
	Object.fromEntries(args.map(({ parameter, value }) => [parameter.name, value]));
const log = (address: Address, topics: readonly unknown[], data: Hex) =>
	({ address, topics, data, blockNumber: 5n, logIndex: 2 }) as unknown as Log;

test("default: a call of ours has its contract, its function and named arguments", () => {
	const args = [at("11"), 7n, 9n, 0n, [`0x${"22".repeat(32)}`]] as const;
	const input = encodeFunctionData({ abi: attributionRewardsAbi, functionName: "claim", args });
	const call = decodeCall(addresses, addresses.attributionRewards.toUpperCase().replace("X", "x") as Address, input);
	expect(call).toMatchObject({ title: "Attribution rewards: claim", contract: "attributionRewards" });
	expect(valuesOf(call.args)).toMatchObject({ account: at("11"), cumulativeWei: 7n, prefixWei: 9n, siblings: args[4] });
	expect(call.data).toBeUndefined();
});

test("default: an overloaded function is the one that was called", () => {
	const args = [at("11"), at("12"), 5n, 0n, 9n, `0x${"33".repeat(32)}`, "0x1234"] as const;
	const input = encodeFunctionData({ abi: openTokenAbi, functionName: "transferWithAuthorization", args });
	expect(valuesOf(decodeCall(addresses, addresses.openToken, input).args)).toMatchObject({
		value: 5n,
		signature: "0x1234",
	});
});

test("behavior: what no interface knows stays hex: strangers, other selectors, data cut short, new contracts", () => {
	const input = encodeFunctionData({ abi: openTokenAbi, functionName: "transfer", args: [at("11"), 1n] });
	expect(decodeCall(addresses, at("dd"), input)).toEqual({ title: "Calls an unknown contract", data: input });
	for (const data of ["0xdeadbeef", "0x01", input.slice(0, 40) as Hex] as const)
		expect(decodeCall(addresses, addresses.openToken, data)).toMatchObject({ title: "Calls OPEN token", data });
	expect(decodeCall(addresses, null, "0x6080")).toMatchObject({ title: "Deploys a contract", isCode: true });
	expect(decodeCall(addresses, at("dd"), "0x")).toEqual({ title: "Sends native coin" });
});

test("default: an event has named arguments; one that is another contract's, or damaged, stays hex", () => {
	const topics = encodeEventTopics({ abi: attributionRewardsAbi, eventName: "Claimed", args: { account: at("11") } });
	const data = encodeAbiParameters([{ type: "uint256" }], [3n]);
	const event = decodeEvent(addresses, log(addresses.attributionRewards, topics, data));
	expect([event.eventName, valuesOf(event.args)]).toEqual(["Claimed", { account: at("11"), cumulativeWei: 3n }]);
	for (const [address, given] of [
		[addresses.modelRegistry, data],
		[at("dd"), data],
		[addresses.attributionRewards, "0x00"],
	] as const) {
		const unknown = decodeEvent(addresses, log(address, topics, given));
		expect([unknown.eventName, unknown.topics, unknown.data]).toEqual([undefined, topics, given]);
	}
	expect(decodeEvent(addresses, log(addresses.openToken, [], "0x")).eventName).toBeUndefined();
});

test("default: a refusal is named with its contract", () => {
	const data = encodeErrorResult({
		abi: modelRegistryAbi,
		errorName: "UnknownModel",
		args: [`0x${"44".repeat(32)}`],
	} as never);
	expect(decodeRefusal(data)).toBe(`Model registry: UnknownModel(0x${"44".repeat(32)})`);
	expect(decodeRefusal("0x12345678")).toBeUndefined();
});

test("default: names of functions and arguments in words", () => {
	expect(["claimMany", "inPer1000", "epoch", "rows2"].map(inWords)).toEqual([
		"claim many",
		"in per 1000",
		"epoch",
		"rows 2",
	]);
});
