// The queue of roots on a real chain: what each verb does to it, and that repeating it changes nothing.
import { cumulativeTree, dataTree, type RootClaim, rootProposalHash } from "@openledger/protocol";
import { bytesToHex, encodeFunctionData, type LocalAccount } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ledger } from "./client/ledger.js";
import { writeContract } from "./client/ledger.js";
import { attributionRewardsAbi, openTokenAbi, parametersAbi } from "./generated/index.js";
import type { LocalChain } from "./openLocalChain.js";
import { parameterKey } from "./parameters.js";
import { readBalance, readClaimed } from "./reads/readMoney.js";
import { readParameter } from "./reads/readParameters.js";
import { readLatestEpoch, readProposedEpoch, readProposer, readRoot, readRootDemands } from "./reads/readRoot.js";
import { readStake } from "./reads/readStake.js";
import { COIN, openTestLedger, people, temporaryHome } from "./testing/testLedger.js";
import { digest, steps } from "./testing/walkTheWay.js";
import { activateRoot } from "./verbs/activateRoot.js";
import { challengeRoot } from "./verbs/challengeRoot.js";
import { claimManyRewards } from "./verbs/claimManyRewards.js";
import { claimRewardsBySig, claimRewardsTo, signRewardsClaim } from "./verbs/claimRewardsTo.js";
import { answerChunk, closeDemand, demandChunk } from "./verbs/demandOfRoot.js";
import { dropRoot } from "./verbs/dropRoot.js";
import { ensureStake } from "./verbs/ensureStake.js";
import { fundOpen } from "./verbs/fundOpen.js";
import { lockRootBond } from "./verbs/lockRootBond.js";
import { advanceRoot, proposeRoot } from "./verbs/proposeRoot.js";

const { ada, grace, settler, payer, node, treasury } = people;
const DATA = Uint8Array.from({ length: 3000 }, (_, i) => i & 255);
const dataCertificate = digest("certificate");
const HOUR = 3600n;
const place = temporaryHome();
let chain: LocalChain;
let ledger: Ledger;

const earnings = (adaWei: bigint, graceWei: bigint) =>
	cumulativeTree([
		{ account: ada.address, cumulativeWei: adaWei },
		{ account: grace.address, cumulativeWei: graceWei },
	]);
const claimOf = (epoch: bigint, tree: ReturnType<typeof earnings>, changes: Partial<RootClaim> = {}): RootClaim => ({
	...{ epoch, receiptsRoot: digest("receipts"), receipts: 1 },
	...{ earningsRoot: tree.root, accounts: tree.accounts, totalCumulativeWei: tree.totalWei },
	...{ dataRoot: dataTree(DATA).root, dataChunks: dataTree(DATA).chunks },
	...changes,
});
const block = () => chain.client.publicClient.getBlockNumber();
const stake = (who: LocalAccount, atLeastWei: bigint) =>
	ensureStake(ledger, treasury, { operator: who.address, atLeastWei });

const rpc = (method: string, ...params: unknown[]) =>
	chain.client.publicClient.request({ method, params } as unknown as { method: "eth_chainId" });
const pass = async (seconds: number) => {
	await rpc("evm_increaseTime", seconds);
	await rpc("evm_mine");
};
/** A challenge time that a slow machine does not outlast, set as governance would. */
const lengthenChallenges = async () => {
	const { openTimelock, parameters } = ledger.addresses;
	const args = [parameterKey("challengeSeconds"), HOUR] as const;
	const data = encodeFunctionData({ abi: parametersAbi, functionName: "set", args });
	await rpc("anvil_impersonateAccount", openTimelock);
	await rpc("anvil_setBalance", openTimelock, "0xde0b6b3a7640000");
	await rpc("eth_sendTransaction", { from: openTimelock, to: parameters, data });
	expect(await readParameter(ledger, "challengeSeconds")).toMatchObject({ value: HOUR });
};

beforeAll(async () => {
	({ chain, ledger } = await openTestLedger(place.home));
	for (const step of steps) await step(ledger);
	await lengthenChallenges();
	await stake(payer, 5n * COIN);
	await fundOpen(ledger, treasury, { to: node.address, atLeastWei: 100n * COIN });
	const { openToken, attributionRewards } = ledger.addresses;
	const token = { address: openToken, abi: openTokenAbi } as const;
	await writeContract(ledger, node, { ...token, functionName: "approve", args: [attributionRewards, 100n * COIN] });
	const rewards = { address: attributionRewards, abi: attributionRewardsAbi } as const;
	await writeContract(ledger, node, { ...rewards, functionName: "fund", args: [100n * COIN] });
});
afterAll(async () => {
	await chain?.stop();
	place.remove();
});

test("default: a chunk is demanded and shown; the root goes on, and pays many, by signature and to others", async () => {
	const tree = earnings(20n * COIN, 30n * COIN);
	const { proposal, rootHash, status } = await proposeRoot(ledger, settler, {
		claim: claimOf(2n, tree),
		dataCertificate,
	});
	expect([status, rootHash]).toEqual(["pending", rootProposalHash(proposal)]);
	expect([await readLatestEpoch(ledger), await readProposedEpoch(ledger)]).toEqual([1n, 2n]);
	await demandChunk(ledger, payer, { proposal, index: 1 });
	const [demand] = await readRootDemands(ledger, rootHash);
	expect(demand).toMatchObject({ epoch: 2n, asked: { kind: "chunk", index: 1 } });
	expect((await readRoot(ledger, 2n))!.holds).toBe(1n);
	const data = dataTree(DATA);
	const answer = { proposal, index: 1, chunk: bytesToHex(data.chunkAt(1)), siblings: data.proofFor(1) };
	const before = await readBalance(ledger, settler.address);
	expect((await answerChunk(ledger, settler, answer)).sent).toBeDefined();
	// What the demand lost is nobody's, so that nobody gains by demanding of itself.
	expect(await readBalance(ledger, settler.address)).toBe(before);
	expect(await readRootDemands(ledger, rootHash)).toEqual([]);
	const early = activateRoot(ledger, payer, { epoch: 2n });
	await expect(early).rejects.toMatchObject({ code: "contract/StillOpen" });
	await pass(3600);
	await activateRoot(ledger, payer, { epoch: 2n });
	expect(await readRoot(ledger, 2n)).toMatchObject({ status: "active", rootHash, dataCertificate });

	const relayed = { proof: tree.proofFor(grace.address), recipient: people.owner.address, relayerFeeWei: 7n };
	const signed = await signRewardsClaim(ledger, grace, { ...relayed, deadline: 4_000_000_000n });
	const held = await readBalance(ledger, payer.address);
	expect((await claimRewardsBySig(ledger, payer, signed)).sent).toBeDefined();
	expect((await readBalance(ledger, payer.address)) - held).toBe(7n);
	expect(await readClaimed(ledger, grace.address)).toBe(30n * COIN);
	const proofs = [ada, grace].map(({ address }) => tree.proofFor(address));
	expect(await claimManyRewards(ledger, payer, { proofs })).toMatchObject({ accounts: 1 });

	const last = await block();
	await proposeRoot(ledger, settler, { claim: claimOf(2n, tree), dataCertificate });
	await activateRoot(ledger, payer, { epoch: 2n });
	await answerChunk(ledger, settler, answer);
	await claimRewardsBySig(ledger, payer, signed);
	await claimRewardsTo(ledger, ada, { proof: proofs[0]!, recipient: payer.address });
	expect(await claimManyRewards(ledger, payer, { proofs })).toMatchObject({ accounts: 0, paidWei: 0n, sent: [] });
	expect(await block()).toBe(last);
});

test("behavior: a wrong root falls to whoever shows it, with all after it, and its proposer pays", async () => {
	const right = earnings(20n * COIN, 40n * COIN);
	const wrong = { ...claimOf(3n, right), totalCumulativeWei: right.totalWei - 1n };
	const { proposal } = await proposeRoot(ledger, settler, { claim: wrong, dataCertificate });
	const later = await proposeRoot(ledger, settler, { claim: claimOf(4n, right), dataCertificate });
	const { demandId } = await demandChunk(ledger, payer, { proposal: later.proposal, index: 0 });
	const fine = { kind: "leaf", leaf: right.proofAt(0) } as const;
	await expect(challengeRoot(ledger, payer, proposal, fine)).rejects.toMatchObject({ code: "contract/NoFault" });

	const [bond, before] = [
		(await readProposer(ledger, settler.address)).bondWei,
		await readBalance(ledger, payer.address),
	];
	const fault = { kind: "leaf", leaf: right.proofAt(1) } as const;
	expect((await challengeRoot(ledger, payer, proposal, fault)).sent).toBeDefined();
	expect(await readBalance(ledger, payer.address)).toBe(before + bond / 2n);
	expect(await readProposer(ledger, settler.address)).toMatchObject({ bondWei: 0n });
	expect((await readStake(ledger, settler.address)).activeWei).toBe(100n * COIN - bond);
	for (const epoch of [3n, 4n]) expect(await readRoot(ledger, epoch)).toMatchObject({ status: "fallen" });
	await closeDemand(ledger, payer, { demandId });

	const last = await block();
	await challengeRoot(ledger, payer, proposal, fault);
	await closeDemand(ledger, payer, { demandId });
	expect(await block()).toBe(last);
	await expect(proposeRoot(ledger, settler, { claim: claimOf(3n, right), dataCertificate })).rejects.toMatchObject({
		code: "contract/StakeTooLow",
	});
});

test("behavior: with a new bond the epoch is proposed again; the next one activates it in the same transaction", async () => {
	await stake(settler, 100n * COIN);
	const tree = earnings(20n * COIN, 40n * COIN);
	const { proposal } = await advanceRoot(ledger, settler, { claim: claimOf(3n, tree), dataCertificate });
	const next = { claim: claimOf(4n, earnings(25n * COIN, 40n * COIN)), dataCertificate };
	await expect(advanceRoot(ledger, settler, next)).rejects.toMatchObject({ code: "contract/StillOpen" });
	await pass(3600);
	const advanced = await advanceRoot(ledger, settler, next);
	expect(advanced.proposal.previousHash).toBe(rootProposalHash(proposal));
	expect([await readLatestEpoch(ledger), await readProposedEpoch(ledger)]).toEqual([3n, 4n]);
	const last = await block();
	await advanceRoot(ledger, settler, next);
	expect(await block()).toBe(last);
});

test("behavior: where a later root fell, its proposer's earlier one waits for the bond, or is dropped", async () => {
	const right = earnings(25n * COIN, 40n * COIN);
	const strikeNext = async (epoch: bigint) => {
		const wrong = { ...claimOf(epoch, right), totalCumulativeWei: right.totalWei + 1n };
		const { proposal } = await proposeRoot(ledger, settler, { claim: wrong, dataCertificate });
		await challengeRoot(ledger, payer, proposal, { kind: "leaf", leaf: right.proofAt(1) });
	};
	await expect(dropRoot(ledger, payer, { epoch: 4n })).rejects.toMatchObject({ code: "contract/StillBonded" });
	await strikeNext(5n);
	await pass(3600);
	await expect(activateRoot(ledger, payer, { epoch: 4n })).rejects.toMatchObject({ code: "contract/NotBonded" });
	await expect(lockRootBond(ledger, settler)).rejects.toMatchObject({ code: "contract/StakeTooLow" });
	await stake(settler, 100n * COIN);
	expect((await lockRootBond(ledger, settler)).proposer.bondWei).toBe(100n * COIN);
	expect((await lockRootBond(ledger, settler)).sent).toBeUndefined();
	await activateRoot(ledger, payer, { epoch: 4n });
	await proposeRoot(ledger, settler, { claim: claimOf(5n, right), dataCertificate });
	await strikeNext(6n);
	expect((await dropRoot(ledger, payer, { epoch: 5n })).sent).toBeDefined();
	expect((await dropRoot(ledger, payer, { epoch: 5n })).sent).toBeUndefined();
	expect(await readRoot(ledger, 5n)).toMatchObject({ status: "fallen" });
});
