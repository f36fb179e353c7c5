// Governance by its verbs on a real chain: from a proposal to a changed constant, and what would happen told before.
import { proposalText } from "@openledger/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ledger, writeContract } from "../client/ledger.js";
import { ContractError } from "../errors.js";
import { openGovernorAbi } from "../generated/index.js";
import type { LocalChain } from "../openLocalChain.js";
import { parameterKey } from "../parameters.js";
import { readParameter, readParameters } from "../reads/readParameters.js";
import { COIN, openTestLedger, people, temporaryHome } from "../testing/testLedger.js";
import { deployCanonical } from "../verbs/deployCanonical.js";
import { fundOpen } from "../verbs/fundOpen.js";
import { callAction, decodeAction, parseAction, parseNumber, setParameterAction, showValue } from "./actions.js";
import {
	cancelProposal,
	castVote,
	castVoteBySignature,
	delegateVotes,
	executeProposal,
	proposalId,
	propose,
	queueProposal,
	signVote,
} from "./propose.js";
import { readProposal, readProposals, readVoter } from "./readProposals.js";
import { simulateActions } from "./simulateActions.js";

const place = temporaryHome();
const { ada, grace, node } = people;
let chain: LocalChain;
let ledger: Ledger;

beforeAll(async () => {
	({ chain, ledger } = await openTestLedger(place.home));
	await deployCanonical(chain.client, people.owner);
	for (const { address } of [ada, grace])
		await fundOpen(ledger, people.treasury, { to: address, atLeastWei: 1000n * COIN });
	await delegateVotes(ledger, ada, { delegate: ada.address });
	await delegateVotes(ledger, grace, { delegate: ada.address });
	await pass(1);
}, 60_000);
afterAll(async () => {
	await chain.stop();
	place.remove();
});

type Request = (args: { method: string; params?: unknown }) => Promise<unknown>;
async function pass(seconds: number): Promise<void> {
	const request = chain.client.publicClient.request as Request;
	await request({ method: "evm_increaseTime", params: [seconds] });
	await request({ method: "evm_mine" });
}
const set = (key: string, value: bigint) => setParameterAction(ledger.addresses, key, value);

test("default: proposed, voted, queued, executed; each step again sends nothing", async () => {
	const wanted = { actions: [set("jurySize", 7n)], description: "Seven jurors\n\nFive tie too seldom." };
	const { id } = await propose(ledger, ada, wanted);
	const marked = { ...wanted, description: proposalText(wanted.description, ada.address) };
	expect(id).toBe(proposalId(marked));
	// On its way it can be copied, but not proposed by another, who could then cancel it.
	await expect(
		writeContract(ledger, node, {
			address: ledger.addresses.openGovernor,
			abi: openGovernorAbi,
			functionName: "propose",
			args: [[marked.actions[0]!.target], [0n], [marked.actions[0]!.data], marked.description],
		}),
	).rejects.toMatchObject({ code: "contract/GovernorRestrictedProposer" });
	expect(await readProposal(ledger, id)).toMatchObject({
		number: 1,
		state: "pending",
		proposer: ada.address,
		description: wanted.description,
		quorum: undefined,
	});
	await pass(2);
	expect(await readVoter(ledger, ada.address, await readProposal(ledger, id))).toEqual({
		votesWei: 2000n * COIN,
		delegate: ada.address,
		countsWei: 2000n * COIN,
		hasVoted: false,
	});
	await castVote(ledger, ada, { id, vote: "for", reason: "they do" });
	expect((await castVote(ledger, ada, { id, vote: "against" })).sent).toBeUndefined();
	await expect(queueProposal(ledger, node, { id })).rejects.toThrow(/the proposal is active/);
	await pass(70);
	expect(await readProposal(ledger, id)).toMatchObject({
		state: "succeeded",
		votes: { for: 2000n * COIN, against: 0n },
	});
	await queueProposal(ledger, node, { id });
	await pass(5);
	await executeProposal(ledger, node, { id });
	expect(await readParameter(ledger, "jurySize")).toEqual({ key: "jurySize", value: 7n, min: 3n, max: 15n });
	for (const again of [
		propose(ledger, ada, wanted),
		queueProposal(ledger, node, { id }),
		executeProposal(ledger, node, { id }),
		delegateVotes(ledger, ada, { delegate: ada.address }),
	])
		expect((await again).sent).toBeUndefined();
});

test("behavior: a signed vote counts whoever brings it, and once", async () => {
	const { id } = await propose(ledger, ada, { actions: [set("jurySize", 9n)], description: "nine" });
	await pass(2);
	const signed = await signVote(ledger, ada, { id, vote: "against" });
	await expect(castVoteBySignature(ledger, node, { ...signed, vote: "for" })).rejects.toThrow(
		/GovernorInvalidSignature/,
	);
	await castVoteBySignature(ledger, node, signed);
	expect((await castVoteBySignature(ledger, node, signed)).sent).toBeUndefined();
	await pass(70);
	expect(await readProposal(ledger, id)).toMatchObject({ state: "defeated", votes: { against: 2000n * COIN } });
});

test("behavior: one's own proposal can be taken back before votes begin", async () => {
	const { id } = await propose(ledger, ada, { actions: [set("jurySize", 11n)], description: "eleven" });
	await cancelProposal(ledger, ada, { id });
	expect((await readProposals(ledger)).at(-1)).toMatchObject({ id, state: "canceled" });
	await expect(propose(ledger, node, { actions: [set("jurySize", 5n)], description: "poor" })).rejects.toThrow(
		ContractError,
	);
	await expect(executeProposal(ledger, node, { id: 5n })).rejects.toThrow("there is no proposal 5");
});

test("default: the simulation says what would change, in order, and why not", async () => {
	const { addresses } = ledger;
	const simulated = await simulateActions(ledger, [
		set("challengeSeconds", 7200n),
		set("challengeSeconds", 3600n),
		callAction(addresses, "stakePool", "setConsumer", [node.address, true]),
		callAction(addresses, "openGovernor", "setVotingDelay", [60]),
		callAction(addresses, "openTimelock", "updateDelay", [86_400n]),
	]);
	expect(simulated.ok).toBe(true);
	expect(simulated.actions.map(({ text, change }) => ({ text, ...change }))).toEqual([
		{ text: "parameters.set(challengeSeconds, 7200)", what: "challengeSeconds", before: "1 s", after: "2 h" },
		{ text: "parameters.set(challengeSeconds, 3600)", what: "challengeSeconds", before: "2 h", after: "1 h" },
		{
			text: `stakePool.setConsumer(${node.address}, true)`,
			what: `${node.address} may lock stake`,
			before: "false",
			after: "true",
		},
		{ text: "openGovernor.setVotingDelay(60)", what: "votingDelaySeconds", before: "1 s", after: "1 min" },
		{ text: "openTimelock.updateDelay(86400)", what: "timelockSeconds", before: "5 s", after: "1 d" },
	]);
	const refused = await simulateActions(ledger, [
		set("challengeSeconds", 0n),
		set("jurySize", 7n),
		callAction(addresses, "openGovernor", "updateQuorumNumerator", [21n]),
		callAction(addresses, "openTimelock", "updateDelay", [10_000_000n]),
		callAction(addresses, "openToken", "transfer", [node.address, 1n]),
		{ target: node.address, valueWei: 0n, data: "0x1234" },
	]);
	expect(refused.ok).toBe(false);
	expect(refused.actions.map(({ refusal }) => refusal?.match(/refused: (\w+)/)?.[1])).toEqual([
		"OutOfBounds",
		undefined,
		"OutOfBounds",
		"OutOfBounds",
		"ERC20InsufficientBalance",
		undefined,
	]);
	expect(refused.actions[0]!.refusal).toContain("it lies between 1 and 1209600");
	expect(await readParameter(ledger, "challengeSeconds")).toMatchObject({ value: 1n });
});

test("behavior: what is simulated is what happens", async () => {
	const actions = [
		callAction(ledger.addresses, "openGovernor", "setVotingDelay", [2]),
		callAction(ledger.addresses, "openTimelock", "updateDelay", [6n]),
		callAction(ledger.addresses, "openGovernor", "updateQuorumNumerator", [1n]),
	];
	const simulated = await simulateActions(ledger, actions);
	const { id } = await propose(ledger, ada, { actions, description: "governance's own" });
	await pass(2);
	await castVote(ledger, ada, { id, vote: "for" });
	await pass(70);
	await queueProposal(ledger, node, { id });
	await pass(5);
	await executeProposal(ledger, node, { id });
	const now = new Map((await readParameters(ledger)).map(({ key, value }) => [key as string, value]));
	for (const { change } of simulated.actions)
		expect(showValue(change!.what, now.get(change!.what)!)).toBe(change!.after);
	const { id: next } = await propose(ledger, ada, { actions: [set("jurySize", 5n)], description: "too few votes now" });
	await pass(3);
	await castVote(ledger, ada, { id: next, vote: "for" });
	await pass(70);
	expect(await readProposal(ledger, next)).toMatchObject({ state: "defeated", quorum: 10_000_000n * COIN });
});

test("default: calls as people write them, and back", () => {
	const { addresses } = ledger;
	for (const [written, read] of [
		["parameters.set(challengeSeconds, 2 h)", "parameters.set(challengeSeconds, 7200)"],
		["parameters.set( seatStakeWei , 12.5 OPEN )", "parameters.set(seatStakeWei, 12500000000000000000)"],
		["parameters.set(slashTreasuryPpm, 12.5 %)", "parameters.set(slashTreasuryPpm, 125000)"],
		["jury.setCourt(datanetRegistry, false)", "jury.setCourt(datanetRegistry, false)"],
	] as const)
		expect(decodeAction(addresses, parseAction(addresses, written)).text).toBe(read);
	const stranger = { target: node.address, valueWei: 0n, data: "0x12345678" } as const;
	expect(decodeAction(addresses, stranger)).toMatchObject({ text: `${node.address} 0x12345678`, args: [] });
	expect(decodeAction(addresses, { ...stranger, target: addresses.jury }).text).toBe("jury 0x12345678");
	expect(parameterKey("jurySize").length).toBe(66);
});

test("behavior: calls that cannot be are refused with what would be right", () => {
	const { addresses } = ledger;
	for (const [written, said] of [
		["parameters", "write it like parameters.set(jurySize, 7)"],
		["parliament.set(a, 1)", "it is one of openToken"],
		["parameters.change(a, 1)", 'there is no function "change"'],
		["parameters.set(jurySize)", "set(bytes32 key, uint256 value)"],
		["parameters.set(jurySize, many)", "is no number"],
		["parameters.set(jurySize, 1.5)", "is no number"],
		["jury.setCourt(0x12, true)", "is no address"],
		["jury.setCourt(jury, yes)", "must be true or false"],
		["stakePool.initialise(jury)", "cannot be written here"],
	] as const)
		expect(() => parseAction(addresses, written), written).toThrow(said);
	expect(() => parseNumber("0.00001 %")).toThrow("more decimals than its unit counts");
	expect(parseNumber("1_000_000 OPEN")).toBe(1_000_000n * COIN);
	expect([
		showValue("rootBondWei", 1_234_567n * COIN + COIN / 2n),
		showValue("xSeconds", 90n),
		showValue("jurySize", 3n),
	]).toEqual(["1,234,567.5 OPEN", "90 s", "3"]);
});
