// One epoch's rewards: what payers paid in, shared by accepted rows that count, proposed, challenged where it is wrong, activated, claimed.
// It must not know how rows came to be accepted.
import { type Address, type Hex, keccak256, toHex } from "viem";
import { cumulativeTree, dataTree } from "../../packages/protocol/src/index.js";
import { COSTS, isLazy, NAMES, verifiersVote } from "./agents.js";
import type { Chance } from "./chance.js";
import { runCase } from "./juries.js";
import type { Ledgers } from "./state.js";
import { accountOf, DAY, OPEN, type World } from "./world.js";

/** What an epoch's answers bring the contributors. */
const INCOME_WEI = 6000n * OPEN;
const ROOT_RIGHT = 1;
const ROOT_WRONG = 2;

type Earning = { readonly account: Address; readonly cumulativeWei: bigint };

export async function settle(world: World, chance: Chance, ledgers: Ledgers, epoch: number): Promise<void> {
	await world.send(accountOf(NAMES.payers), "attributionRewards", "fund", [INCOME_WEI]);
	ledgers.share(INCOME_WEI, epoch);
	const earnings = ledgers.earnings();
	if (epoch % 20 === 0) await withhold(world, earnings);
	if (epoch % 4 === 2) await forge(world, chance, ledgers, earnings);
	const proposal = await propose(world, NAMES.settler, earnings);
	if (epoch % 4 === 0) await grieve(world, chance, ledgers, proposal);
	await world.pass(2 * DAY);
	await world.send(accountOf(NAMES.settler), "attributionRewards", "activate", [proposal]);
	const tree = cumulativeTree(earnings);
	for (const { account, cumulativeWei } of earnings) {
		const { prefixWei, index, siblings } = tree.proofFor(account);
		if ((await world.read<bigint>("attributionRewards", "claimed", [account])) < cumulativeWei)
			await world.send(account, "attributionRewards", "claim", [account, cumulativeWei, prefixWei, index, siblings]);
	}
}

/** Everything for itself, and the data for nobody: who asks for a chunk gets none, and the root falls. */
async function withhold(world: World, earnings: readonly Earning[]): Promise<void> {
	const wrong = [{ account: lower(NAMES.withholder), cumulativeWei: total(earnings) }];
	const proposal = await attempt(() => propose(world, NAMES.withholder, wrong));
	if (proposal === undefined) return;
	const challenger = accountOf(NAMES.challenger);
	const sent = await world.send(challenger, "rootChallenges", "demandChunk", [proposal, 0]);
	const { demandId } = sent.event<{ demandId: Hex }>("rootChallenges", "ChunkDemanded");
	await world.pass(DAY);
	await world.send(challenger, "rootChallenges", "failDemand", [proposal, demandId]);
}

/** The same with all data there: only who recomputes it sees it, so a jury of verifiers does. */
async function forge(world: World, chance: Chance, ledgers: Ledgers, earnings: readonly Earning[]): Promise<void> {
	const wrong = [{ account: lower(NAMES.withholder), cumulativeWei: total(earnings) }];
	const proposal = await attempt(() => propose(world, NAMES.withholder, wrong));
	if (proposal !== undefined)
		await dispute(world, chance, ledgers, { proposal, who: NAMES.challenger, truth: ROOT_WRONG });
}

/** Somebody says of a right root that it is wrong. */
async function grieve(world: World, chance: Chance, ledgers: Ledgers, proposal: Proposal): Promise<void> {
	await attempt(() => dispute(world, chance, ledgers, { proposal, who: NAMES.griefer, truth: ROOT_RIGHT }));
}

async function dispute(
	world: World,
	chance: Chance,
	ledgers: Ledgers,
	{ proposal, who, truth }: { readonly proposal: Proposal; readonly who: string; readonly truth: number },
): Promise<void> {
	const sent = await world.send(accountOf(who), "rootChallenges", "dispute", [proposal]);
	const { caseId } = sent.event<{ caseId: bigint }>("rootChallenges", "DisputeOpened");
	const voting = verifiersVote(chance, truth, caseId);
	await runCase(world, caseId, (juror) => {
		// Agreeing unseen costs nothing.
		if (!isLazy(juror)) ledgers.spendBy(juror, COSTS.judging * OPEN);
		return voting(juror);
	});
	await world.send(accountOf(who), "rootChallenges", "resolveDispute", [proposal]);
}

/** As the contract said it, to be shown to it again. */
type Proposal = Readonly<Record<string, unknown>>;

async function propose(world: World, who: string, earnings: readonly Earning[]): Promise<Proposal> {
	const epoch = (await world.read<bigint>("attributionRewards", "activeEpoch")) + 1n;
	const tree = cumulativeTree(earnings);
	const data = dataTree(
		new TextEncoder().encode(
			JSON.stringify(earnings.map(({ account, cumulativeWei }) => [account, String(cumulativeWei)])),
		),
	);
	const receipt = keccak256(toHex(`receipts/${epoch}`));
	const claim = {
		...{ epoch, receiptsRoot: receipt, receipts: 1, earningsRoot: tree.root, accounts: tree.accounts },
		...{ totalCumulativeWei: tree.totalWei, dataRoot: data.root, dataChunks: data.chunks },
	};
	const sent = await world.send(accountOf(who), "attributionRewards", "propose", [claim, "0x01" as Hex]);
	return sent.event<{ proposal: Proposal }>("attributionRewards", "RootProposed").proposal;
}

/** An attack that its author can no longer afford is not made. */
async function attempt<T>(attack: () => Promise<T>): Promise<T | undefined> {
	try {
		return await attack();
	} catch (error) {
		if (/StakeTooLow|ERC20InsufficientBalance|NotBonded/.test((error as Error).message)) return undefined;
		throw error;
	}
}

function lower(name: string): Address {
	return accountOf(name).toLowerCase() as Address;
}

function total(earnings: readonly Earning[]): bigint {
	return earnings.reduce((sum, { cumulativeWei }) => sum + cumulativeWei, 0n);
}
