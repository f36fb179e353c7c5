// A datanet that nobody decides for: commit, reveal, challenge, a jury's votes, an appeal, to the wei, on a real chain. Every verb twice.
import type { LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { localFaucet } from "../anvil/genesis.js";
import { type Ledger, writeContract } from "../client/ledger.js";
import { datanetRegistryAbi } from "../generated/index.js";
import type { LocalChain } from "../openLocalChain.js";
import { localParameters } from "../parameters.js";
import { readCase, readJurors } from "../reads/readCase.js";
import { readContribution, readContributionDispute, readDatanetOwed } from "../reads/readDatanet.js";
import { COIN, openTestLedger, people, temporaryHome } from "../testing/testLedger.js";
import { digest } from "../testing/walkTheWay.js";
import { acceptContribution } from "./acceptContribution.js";
import { commitVote } from "./commitVote.js";
import { contributeRows } from "./contributeRows.js";
import { countCase } from "./countCase.js";
import { createDatanet } from "./createDatanet.js";
import { delegateStake } from "./delegateStake.js";
import {
	appealContribution,
	challengeContribution,
	defendContribution,
	resolveContribution,
	withdrawDeposits,
} from "./disputeContribution.js";
import { drawJury } from "./drawJury.js";
import { finaliseContribution } from "./finaliseContribution.js";
import { fundAccount } from "./fundAccount.js";
import { fundOpen } from "./fundOpen.js";
import { joinJury } from "./joinJury.js";
import { revealVote } from "./revealVote.js";
import { settleCommitments } from "./settleCommitments.js";

const place = temporaryHome();
const curators = Array.from({ length: 7 }, (_, i) => privateKeyToAccount(`0x${String(i + 101).padStart(64, "0")}`));
let chain: LocalChain;
let ledger: Ledger;
beforeAll(async () => {
	({ chain, ledger } = await openTestLedger(place.home));
	for (const curator of curators) {
		await fundAccount(chain.client, localFaucet(), { to: curator.address, atLeastWei: COIN });
		await fundOpen(ledger, people.treasury, { to: curator.address, atLeastWei: 200n * COIN });
		await delegateStake(ledger, curator, { operator: curator.address, amountWei: 100n * COIN });
		await joinJury(ledger, curator, { role: "curator" });
	}
	for (const { address } of [people.ada, people.grace, people.payer])
		await fundOpen(ledger, people.treasury, { to: address, atLeastWei: 1000n * COIN });
});
afterAll(async () => {
	await chain?.stop();
	place.remove();
});

const pass = async (seconds: number) => {
	const request = chain.client.publicClient.request as (args: {
		method: string;
		params: unknown[];
	}) => Promise<unknown>;
	await request({ method: "evm_increaseTime", params: [seconds] });
	await request({ method: "evm_mine", params: [] });
};
/** The first of two calls sends, the second does not. */
const twice = async <T extends { readonly sent?: unknown }>(act: () => Promise<T>): Promise<T> => {
	const done = await act();
	expect(done.sent).toBeDefined();
	expect((await act()).sent).toBeUndefined();
	return done;
};

async function vote(caseId: bigint, choice: number): Promise<void> {
	await pass(1);
	await drawJury(ledger, people.owner, { caseId });
	const drawn = (await readJurors(ledger, caseId)).map((address) => address.toLowerCase());
	const jurors = curators.filter(({ address }) => drawn.includes(address.toLowerCase()));
	expect(jurors).toHaveLength(drawn.length);
	const salt = digest(`salt ${caseId}`);
	for (const juror of jurors) await twice(() => commitVote(ledger, juror, { caseId, choice, salt }));
	await pass(1);
	for (const juror of jurors) await revealVote(ledger, juror, { caseId, choice, salt });
	await countCase(ledger, people.owner, { caseId });
	expect(await readCase(ledger, caseId)).toMatchObject({ phase: "counted", verdict: choice });
}

async function offered(who: LocalAccount, name: string, rowCount: number) {
	const terms = {
		name: "open",
		termsHash: digest("terms"),
		licence: "CC0-1.0",
		rule: "open",
		stakePerRowWei: COIN,
	} as const;
	const { datanetId } = await createDatanet(ledger, people.owner, terms);
	const wanted = { datanetId, rowsRoot: digest(name), rowCount, salt: digest(`salt of ${name}`) };
	return await twice(() => contributeRows(ledger, who, wanted));
}

test("default: junk is challenged, judged, appealed by its author, judged again; stake and deposits go where they are due", async () => {
	const of = await offered(people.grace, "junk", 10);
	await twice(() => challengeContribution(ledger, people.ada, of));
	expect(await readContribution(ledger, of.contributionId)).toMatchObject({ stage: "judged", stakeWei: 10n * COIN });
	const first = (await readContributionDispute(ledger, of.contributionId, 0))!;
	expect(first).toMatchObject({ byStake: true, against: "accepted", feesWei: 3n * COIN, bondWei: 20n * COIN });
	await vote(first.caseId!, 3);
	await twice(() => resolveContribution(ledger, people.node, of));
	expect(await readContribution(ledger, of.contributionId)).toMatchObject({ stage: "decided", status: "junk" });
	await twice(() => appealContribution(ledger, people.grace, of));
	await twice(() => defendContribution(ledger, people.payer, of));
	const second = (await readContributionDispute(ledger, of.contributionId, 1))!;
	await vote(second.caseId!, 3);
	await twice(() => resolveContribution(ledger, people.node, of));
	expect(await readContribution(ledger, of.contributionId)).toMatchObject({ stage: "final", status: "junk" });
	// The stake pays the first jury and loses the rest, half of it to the challenger; the bond of the appeal half to its defender.
	expect(await readDatanetOwed(ledger, people.ada.address)).toBe(23n * COIN + (7n * COIN) / 2n);
	expect(await readDatanetOwed(ledger, people.payer.address)).toBe(5n * COIN + 10n * COIN);
	expect(await readDatanetOwed(ledger, people.grace.address)).toBe(0n);
	await twice(() => withdrawDeposits(ledger, people.node, { account: people.ada.address }));
});

test("default: what nobody challenges becomes final by itself", async () => {
	const of = await offered(people.ada, "honest", 2);
	const early = finaliseContribution(ledger, people.node, of);
	await expect(early).rejects.toMatchObject({ code: "contract/TooEarly" });
	await pass(Number(localParameters.openReviewSeconds.value) + 1);
	expect(await twice(() => finaliseContribution(ledger, people.node, of))).toMatchObject({ status: "accepted" });
	expect(await readDatanetOwed(ledger, people.ada.address)).toBe(2n * COIN);
});

test("behavior: a flood of commitments before an honest one is settled out of the way", async () => {
	const terms = { name: "flooded", termsHash: digest("terms"), licence: "CC0-1.0" };
	const { datanetId } = await createDatanet(ledger, people.owner, terms);
	const call = { address: ledger.addresses.datanetRegistry, abi: datanetRegistryAbi } as const;
	for (let i = 0; i < 66; i++) {
		const args = [datanetId, digest(`flood ${i}`)] as const;
		await writeContract(ledger, people.payer, { ...call, functionName: "commitContribution", args });
	}
	const rows = { datanetId, rowsRoot: digest("dry"), rowCount: 4, salt: digest("salt") };
	const { contributionId } = await contributeRows(ledger, people.ada, rows);
	await acceptContribution(ledger, people.owner, { contributionId, acceptedRows: 4 });
	await pass(2);
	await expect(finaliseContribution(ledger, people.ada, { contributionId })).rejects.toMatchObject({
		code: "contract/EarlierCommitmentsOpen",
	});
	expect(await settleCommitments(ledger, people.ada, { datanetId })).toEqual({ settled: 0n });
	await pass(60);
	expect((await twice(() => finaliseContribution(ledger, people.ada, { contributionId }))).status).toBe("accepted");
});
