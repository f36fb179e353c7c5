// Before the first epoch: everybody gets the same OPEN, stakes what its role needs, takes its seats; and the holders vote a second proposer of
// roots in, by the real governor. It must not know what comes of it.
import { encodeFunctionData, type Hex } from "viem";
import { contractAbis } from "../../packages/chain/src/index.js";
import { EVERYBODY, NAMES, START_WEI } from "./agents.js";
import { publishSnapshot } from "./training.js";
import { accountOf, DAY, OPEN, type World } from "./world.js";

const FOREVER = 2n ** 255n;
const SPENDERS = [
	"stakePool",
	"datanetRegistry",
	"rootChallenges",
	"trainingJobs",
	"disputes",
	"attributionRewards",
] as const;
const FOR = 1;

export async function begin(world: World): Promise<void> {
	const treasury = accountOf("treasury");
	for (const name of EVERYBODY) {
		const wei = name === NAMES.payers ? 100n * START_WEI : START_WEI;
		await world.send(treasury, "openToken", "transfer", [accountOf(name), wei]);
		for (const spender of SPENDERS)
			await world.send(accountOf(name), "openToken", "approve", [world.addresses[spender], FOREVER]);
	}
	for (const name of [...NAMES.curators, ...NAMES.colluders]) await takeSeat(world, name, "CURATOR");
	for (const name of [...NAMES.verifiers, ...NAMES.lazy]) await takeSeat(world, name, "VERIFIER");
	const stakes = [
		[NAMES.settler, 200_000n],
		[NAMES.withholder, 900_000n],
		[NAMES.challenger, 20_000n],
		[NAMES.griefer, 100_000n],
		[NAMES.trainer, 20_000n],
		[NAMES.cheat, 200_000n],
	] as const;
	for (const [name, open] of stakes)
		await world.send(accountOf(name), "stakePool", "delegate", [accountOf(name), open * OPEN]);
	await elect(world);
}

/** Jobs need a snapshot, and that needs accepted rows. */
export async function finishSetUp(world: World, datanetId: Hex): Promise<void> {
	await publishSnapshot(world, datanetId);
}

async function takeSeat(world: World, name: string, role: "CURATOR" | "VERIFIER"): Promise<void> {
	const account = accountOf(name);
	await world.send(account, "stakePool", "delegate", [account, 100_000n * OPEN]);
	await world.send(account, "jury", "join", [await world.read<Hex>("jury", role)]);
}

/** A second proposer comes in as every change does: proposed, voted, queued, executed. */
async function elect(world: World): Promise<void> {
	const treasury = accountOf("treasury");
	await world.send(treasury, "openToken", "delegate", [treasury]);
	await world.pass(60);
	const data = encodeFunctionData({
		abi: contractAbis.attributionRewards,
		functionName: "setProposer",
		args: [accountOf(NAMES.withholder), true],
	});
	const calls = [[world.addresses.attributionRewards], [0n], [data], "a second proposer"];
	const sent = await world.send(treasury, "openGovernor", "propose", calls);
	const { proposalId } = sent.event<{ proposalId: bigint }>("openGovernor", "ProposalCreated");
	await world.pass(DAY + 60);
	await world.send(treasury, "openGovernor", "castVote", [proposalId, FOR]);
	await world.pass(5 * DAY + 60);
	await world.send(treasury, "openGovernor", "queue", [proposalId]);
	await world.pass(2 * DAY + 60);
	await world.send(treasury, "openGovernor", "execute", [proposalId]);
}
