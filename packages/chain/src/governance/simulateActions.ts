// What a proposal's actions would do if they were executed now, one after another in the timelock's name. Nothing is sent: the chain is
// asked to imagine that the timelock's address held a contract that makes these calls. Reads only.
import {
	type Address,
	decodeFunctionResult,
	encodeAbiParameters,
	encodeFunctionData,
	type Hex,
	keccak256,
	multicall3Abi,
	numberToHex,
} from "viem";
import { CANONICAL_ADDRESSES } from "../canonical/canonicalContracts.js";
import { refusalFrom } from "../client/contractErrorFrom.js";
import type { Ledger } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { openTimelockAbi } from "../generated/index.js";
import { type Action, type DecodedAction, decodeAction } from "./actions.js";
import { decodeEffect, type Effect, effectOf } from "./effects.js";

export type Change = { readonly what: string; readonly before: string; readonly after: string };

export type SimulatedAction = DecodedAction & {
	/** Why the contract would refuse it; undefined if it would not. */
	readonly refusal: string | undefined;
	/** The value it changes, where we know how to read it. */
	readonly change: Change | undefined;
};

export type Simulation = { readonly ok: boolean; readonly actions: readonly SimulatedAction[] };

type Imagined = { readonly target: Address; readonly allowFailure: true; readonly callData: Hex };
type Answered = { readonly success: boolean; readonly returnData: Hex };

/** Runs the actions in imagination. One that fails makes the whole fail, as it would on chain. */
export async function simulateActions(ledger: Ledger, actions: readonly Action[]): Promise<Simulation> {
	const decoded = actions.map((action) => decodeAction(ledger.addresses, action));
	const effects = decoded.map((action) => effectOf(ledger.addresses, action));
	const calls: Imagined[] = [];
	const ask = (target: Address, callData: Hex) => calls.push({ target, allowFailure: true, callData }) - 1;
	const places = decoded.map(({ target, data }, i) => {
		const effect = effects[i];
		const before = effect === undefined ? undefined : ask(effect.target, effect.data);
		const act = ask(target, data);
		const after = effect === undefined ? undefined : ask(effect.target, effect.data);
		return { before, act, after };
	});
	const answers = await imagine(ledger, decoded, calls);
	const simulated = await Promise.all(
		decoded.map(async (action, i): Promise<SimulatedAction> => {
			const { before, act, after } = places[i]!;
			if (isTimelock(ledger, action.target)) return await simulateOwn(ledger, action, effects[i]);
			const answer = answers[act]!;
			const refusal = answer.success ? undefined : refusalFrom(answer.returnData);
			const change = changeOf(effects[i], answers[before ?? -1], answers[after ?? -1]);
			return { ...action, refusal, change: refusal === undefined ? change : undefined };
		}),
	);
	return { ok: simulated.every(({ refusal }) => refusal === undefined), actions: simulated };
}

/** One call to the timelock's address, which for this call alone has the code of Multicall3. */
async function imagine(
	ledger: Ledger,
	actions: readonly DecodedAction[],
	calls: readonly Imagined[],
): Promise<readonly Answered[]> {
	const { publicClient } = ledger.client;
	const code = await publicClient.getCode({ address: CANONICAL_ADDRESSES.multicall3 });
	if (code === undefined) return await oneByOne(ledger, calls);
	const { openTimelock, openGovernor } = ledger.addresses;
	const { data } = await publicClient.call({
		to: openTimelock,
		data: encodeFunctionData({ abi: multicall3Abi, functionName: "aggregate3", args: [calls] }),
		blockTag: "pending",
		stateOverride: [
			{ address: openTimelock, code },
			{
				address: openGovernor,
				stateDiff: expectedCalls(actions.filter(({ contract }) => contract === "openGovernor")),
			},
		],
	});
	return decodeFunctionResult({ abi: multicall3Abi, functionName: "aggregate3", data: data! });
}

/** Without Multicall3 on the chain: each call by itself, so that none sees what the one before changed. */
async function oneByOne({ client, addresses }: Ledger, calls: readonly Imagined[]): Promise<readonly Answered[]> {
	return await Promise.all(
		calls.map(async ({ target, callData }): Promise<Answered> => {
			try {
				const { data = "0x" } = await client.publicClient.call({
					account: addresses.openTimelock,
					to: target,
					data: callData,
				});
				return { success: true, returnData: data };
			} catch (error) {
				return { success: false, returnData: dataOf(error) };
			}
		}),
	);
}

/** The timelock's own functions need its own code. */
async function simulateOwn(
	ledger: Ledger,
	action: DecodedAction,
	effect: Effect | undefined,
): Promise<SimulatedAction> {
	const [answer] = await oneByOne(ledger, [{ target: action.target, allowFailure: true, callData: action.data }]);
	if (!answer!.success) return { ...action, refusal: refusalFrom(answer!.returnData), change: undefined };
	const change =
		action.functionName === "updateDelay" && effect !== undefined
			? { what: effect.what, before: effect.show(await readDelay(ledger)), after: effect.show(action.args[0]!.value) }
			: undefined;
	return { ...action, refusal: undefined, change };
}

function readDelay(ledger: Ledger) {
	const address = ledger.addresses.openTimelock;
	return readContract(ledger, { address, abi: openTimelockAbi, functionName: "getMinDelay", args: [] });
}

/** Where the governor keeps the calls on itself that a running proposal may make: a queue whose two ends share a slot. */
const QUEUE_SLOT = 6n;

/** A queue that expects exactly these calls, as it would while their proposal is executed. */
function expectedCalls(actions: readonly DecodedAction[]) {
	const place = (index: number) =>
		keccak256(encodeAbiParameters([{ type: "uint128" }, { type: "uint256" }], [BigInt(index), QUEUE_SLOT + 1n]));
	const ends = {
		slot: numberToHex(QUEUE_SLOT, { size: 32 }),
		value: numberToHex(BigInt(actions.length) << 128n, { size: 32 }),
	};
	return [ends, ...actions.map(({ data }, index) => ({ slot: place(index), value: keccak256(data) }))];
}

function changeOf(
	effect: Effect | undefined,
	before: Answered | undefined,
	after: Answered | undefined,
): Change | undefined {
	if (effect === undefined || before?.success !== true || after?.success !== true) return undefined;
	const shown = (answer: Answered) => effect.show(decodeEffect(effect, answer.returnData));
	return { what: effect.what, before: shown(before), after: shown(after) };
}

function isTimelock({ addresses }: Ledger, target: Address): boolean {
	return target.toLowerCase() === addresses.openTimelock.toLowerCase();
}

function dataOf(error: unknown): Hex {
	for (let at: unknown = error; at instanceof Error; at = at.cause) {
		const { data } = at as { data?: unknown };
		if (typeof data === "string" && data.startsWith("0x")) return data as Hex;
	}
	return "0x";
}
