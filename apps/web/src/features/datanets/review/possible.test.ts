// Who is offered which button at which stage: what the registry's contract would refuse is not offered.
import { expect, test } from "vitest";
import type { OnChain, Rule, ShownContribution } from "../types.js";
import { possibleOf } from "./possible.js";

const ada = "0x00000000000000000000000000000000000000ad";
const bob = "0x00000000000000000000000000000000000000b0";
const NOW = 1000;
const one = (rule: Rule, onChain: Partial<OnChain>, more: Partial<ShownContribution> = {}) =>
	({
		...{ contributor: "ada", account: ada, rule, disputeCost: { feesWei: "3", bondWei: "4" } },
		onChain: { status: "pending", stage: "review", deadline: NOW + 60, superseded: false, ...onChain },
		...more,
	}) as ShownContribution;
const calls = (of: ShownContribution, account: typeof ada | typeof bob) =>
	possibleOf(of, account, NOW).map(({ functionName, costWei = 0n }) => `${functionName} ${costWei}`);
const over = { deadline: NOW - 1 };

test.each<[string, ShownContribution, string[], string[]]>([
	["the owner decides", one("owner", {}), [], []],
	["the owner did not", one("owner", over), ["takeBack 0"], []],
	["open, in time", one("open", {}), [], ["challenge 7"]],
	["open, somebody was first", one("open", { superseded: true }), ["finalise 0"], ["finalise 0"]],
	[
		"decided, somebody was first",
		one("owner", { stage: "decided", status: "accepted", superseded: true }),
		["finalise 0"],
		["finalise 0"],
	],
	["open, time over", one("open", over), ["finalise 0"], ["finalise 0"]],
	["accepted", one("owner", { stage: "decided", status: "accepted" }), [], ["appeal 7"]],
	["refused", one("committee", { stage: "decided", status: "rejected" }), ["appeal 7"], []],
	[
		"decided, time over",
		one("owner", { stage: "decided", status: "rejected", ...over }),
		["finalise 0"],
		["finalise 0"],
	],
	["final", one("open", { stage: "final", status: "accepted" }), [], []],
	["not on chain", one("open", {}, { onChain: undefined } as never), [], []],
])("behavior: %s", (_, of, hers, his) => {
	expect([calls(of, ada), calls(of, bob)]).toEqual([hers, his]);
});

test("behavior: a dispute is defended in time for the jurors' fees, and brought on after it, or once the jury has spoken", () => {
	const dispute = { feesWei: "3", bondWei: "4", round: 0, byStake: false, against: "accepted" } as const;
	expect(calls(one("open", { stage: "challenged" }, { dispute }), bob)).toEqual(["defend 3"]);
	expect(calls(one("open", { stage: "challenged", ...over }, { dispute }), bob)).toEqual(["resolve 0"]);
	const jury = (phase: string) => ({ ...dispute, jury: { phase } as never });
	expect(calls(one("committee", { stage: "judged" }, { dispute: jury("revealing") }), bob)).toEqual([]);
	expect(calls(one("committee", { stage: "judged" }, { dispute: jury("counted") }), bob)).toEqual(["resolve 0"]);
});
