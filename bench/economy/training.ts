// Jobs of training: an honest trainer that is paid, and one that commits to a run it never made and cannot show the next half of when asked.
// It must not know of rewards.
import { type Hex, keccak256, stringToHex, toHex } from "viem";
import { indexedTree, outputLink, runStartOf } from "../../packages/protocol/src/index.js";
import { COSTS, NAMES } from "./agents.js";
import type { Ledgers } from "./state.js";
import { accountOf, DAY, OPEN, type World } from "./world.js";

const STEPS = 6;
const PAY_WEI = 500n * OPEN;
const STAKE_WEI = 5000n * OPEN;
const RECIPE = "steps: 6";
const [BASE, ENGINE] = [keccak256(toHex("base")), keccak256(toHex("engine"))];

export async function train(world: World, ledgers: Ledgers, datanetId: Hex, epoch: number): Promise<void> {
	if (epoch % 5 === 0) await cheat(world, ledgers, datanetId, epoch);
	if (epoch % 2 === 0) {
		ledgers.spend(NAMES.trainer, COSTS.training * OPEN);
		const jobId = await post(world, datanetId, `honest/${epoch}`);
		await submit(world, NAMES.trainer, jobId, `honest/${epoch}`);
		await world.pass(2 * DAY);
		await world.send(accountOf(NAMES.poster), "trainingJobs", "finalise", [jobId]);
		await world.send(accountOf(NAMES.trainer), "trainingJobs", "withdraw", [accountOf(NAMES.trainer)]);
	}
}

/** The run's end is made up. The challenger says so, the trainer is asked for the link half-way, and has none that fits. */
async function cheat(world: World, ledgers: Ledgers, datanetId: Hex, epoch: number): Promise<void> {
	if ((await world.read<bigint>("stakePool", "freeOf", [accountOf(NAMES.cheat)])) < STAKE_WEI) return;
	const jobId = await post(world, datanetId, `forged/${epoch}`);
	const links = await submit(world, NAMES.cheat, jobId, `forged/${epoch}`);
	const challenger = accountOf(NAMES.challenger);
	// To say what the links are, it has trained the run again.
	ledgers.spend(NAMES.challenger, COSTS.training * OPEN);
	const challenge = {
		...{ jobId, own: keccak256(toHex(`recomputed/${epoch}`)), low: 0, lowLink: links[0], lowProof: [] },
		...{ high: STEPS, highLink: links[STEPS], highProof: [] },
	};
	const sent = await world.send(challenger, "disputes", "open", [challenge]);
	const { disputeId } = sent.event<{ disputeId: Hex }>("disputes", "DisputeOpened");
	await world.pass(DAY);
	await world.send(challenger, "disputes", "timeout", [disputeId]);
	await world.send(challenger, "disputes", "withdraw", [challenger]);
	await world.send(accountOf(NAMES.poster), "trainingJobs", "cancel", [jobId]);
	await world.send(accountOf(NAMES.poster), "trainingJobs", "withdraw", [accountOf(NAMES.poster)]);
}

async function post(world: World, datanetId: Hex, name: string): Promise<Hex> {
	const params = {
		...{ salt: keccak256(toHex(name)), baseDigest: BASE, engineId: ENGINE },
		snapshots: [{ datanetId, version: 1, root: SNAPSHOT }],
		...{ recipe: RECIPE, steps: STEPS, trainSeconds: BigInt(DAY), payWei: PAY_WEI, stakeWei: STAKE_WEI },
		...{ dataDigest: keccak256("0x"), dataCertificate: "0x" },
	};
	const sent = await world.send(accountOf(NAMES.poster), "trainingJobs", "post", [params]);
	return sent.event<{ jobId: Hex }>("trainingJobs", "JobPosted").jobId;
}

/** Claims the job and commits to a run of made-up links; which of them an honest machine would find is not the chain's to see. */
async function submit(world: World, who: string, jobId: Hex, name: string): Promise<readonly Hex[]> {
	const trainer = accountOf(who);
	await world.send(trainer, "trainingJobs", "claim", [jobId]);
	const start = runStartOf({ baseDigest: BASE, snapshotRoots: [SNAPSHOT], recipe: RECIPE, engineId: ENGINE });
	const steps = Array.from({ length: STEPS }, (_, i) => keccak256(toHex(`${name}/link ${i}`)));
	const runCommitment = steps[STEPS - 1]!;
	const output = {
		adapterDigest: keccak256(toHex(`${name}/adapter`)),
		featuresRoot: keccak256(toHex(`${name}/features`)),
	};
	const links = [start, ...steps, outputLink(runCommitment, output)];
	const tree = indexedTree(links);
	const proof = (index: number) => tree.proofFor(index);
	const run = {
		linksRoot: tree.root,
		runCommitment,
		...output,
		dataRoot: keccak256(toHex(name)),
		dataCertificate: "0x",
	};
	await world.send(trainer, "trainingJobs", "submit", [jobId, run, proof(0), proof(STEPS), proof(STEPS + 1)]);
	return links;
}

const SNAPSHOT = keccak256(stringToHex("snapshot"));

/** The snapshot that all jobs learn from, once rows are there. */
export async function publishSnapshot(world: World, datanetId: Hex): Promise<void> {
	await world.send(accountOf(NAMES.owner), "datanetRegistry", "snapshot", [datanetId, SNAPSHOT, 100, 1, 0n]);
}
