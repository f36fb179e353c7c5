// The whole way on chain, from contributed rows to claimed rewards, made only of verbs that may be repeated.
// Only tests import it.
import { cumulativeTree, dataTree, epochReceiptsTree, type RootClaim, splitFee } from "@openledger/protocol";
import { type Hex, keccak256, parseSignature, toHex } from "viem";
import { type Ledger, writeContract } from "../client/ledger.js";
import { openTokenAbi } from "../generated/index.js";
import type { ModelParams } from "../reads/readModel.js";
import { readTill } from "../reads/readModel.js";
import { readAuthorizedTransfer } from "../reads/readMoney.js";
import { acceptContribution } from "../verbs/acceptContribution.js";
import { activateRoot } from "../verbs/activateRoot.js";
import { claimRewards } from "../verbs/claimRewards.js";
import { collectFees } from "../verbs/collectFees.js";
import { type ContributeRows, contributeRows } from "../verbs/contributeRows.js";
import { createDatanet } from "../verbs/createDatanet.js";
import { ensureStake } from "../verbs/ensureStake.js";
import { finaliseContribution } from "../verbs/finaliseContribution.js";
import { fundOpen } from "../verbs/fundOpen.js";
import { proposeRoot } from "../verbs/proposeRoot.js";
import { publishModel } from "../verbs/publishModel.js";
import { publishSnapshot } from "../verbs/publishSnapshot.js";
import { registerBase } from "../verbs/registerBase.js";
import { COIN, people } from "./testLedger.js";

export const digest = (text: string): Hex => keccak256(toHex(text));

export const FEE = COIN + 7n;
export const RATES = { platformWei: 1000n, inWeiPer1000: COIN, outWeiPer1000: COIN };
export const SPLIT = {
	contributorsPpm: 500_000,
	ownerPpm: 200_000,
	nodePpm: 150_000,
	stakersPpm: 100_000,
	treasuryPpm: 50_000,
};

export function modelParams(datanetId: Hex, changes: Partial<ModelParams> = {}): ModelParams {
	return {
		name: "atlas",
		version: 1,
		baseDigest: digest("base"),
		engineId: digest("engine"),
		snapshots: [{ datanetId, version: 1, root: digest("snapshot") }],
		runCommitment: digest("run"),
		runHistoryRoot: digest("history"),
		adapterDigest: digest("adapter"),
		featuresRoot: digest("features"),
		rates: RATES,
		split: SPLIT,
		node: people.node.address,
		stakers: people.owner.address,
		...changes,
	};
}

/** Each step, in order; running any prefix again changes nothing. */
export const steps: readonly ((ledger: Ledger) => Promise<unknown>)[] = [
	(ledger) => createDatanet(ledger, people.owner, { name: "world", termsHash: digest("terms"), licence: "CC0-1.0" }),
	async (ledger) => contributeRows(ledger, people.ada, await offer(ledger, "ada", 30)),
	async (ledger) => contributeRows(ledger, people.grace, await offer(ledger, "grace", 10)),
	async (ledger) =>
		acceptContribution(ledger, people.owner, { ...(await contribution(ledger, "ada", 30)), acceptedRows: 28 }),
	async (ledger) =>
		acceptContribution(ledger, people.owner, { ...(await contribution(ledger, "grace", 10)), acceptedRows: 10 }),
	async (ledger) => finalise(ledger, await contribution(ledger, "ada", 30)),
	async (ledger) => finalise(ledger, await contribution(ledger, "grace", 10)),
	async (ledger) =>
		publishSnapshot(ledger, people.owner, { datanetId: await idOf(ledger), root: digest("snapshot"), rowCount: 38 }),
	(ledger) =>
		registerBase(ledger, people.owner, { baseDigest: digest("base"), engineId: digest("engine"), name: "ember" }),
	async (ledger) => publishModel(ledger, people.owner, modelParams(await idOf(ledger))),
	(ledger) => pay(ledger, digest("nonce 1")),
	async (ledger) =>
		collectFees(ledger, people.node, {
			modelId: await modelIdOf(ledger),
			payments: [
				{ receiptId: digest("receipt 1"), payer: people.payer.address, nonce: digest("nonce 1"), amountWei: FEE },
			],
		}),
	(ledger) => ensureStake(ledger, people.treasury, { operator: people.settler.address, atLeastWei: 100n * COIN }),
	(ledger) => proposeRoot(ledger, people.settler, { claim: rootClaim(), dataCertificate: digest("certificate") }),
	(ledger) => activateWhenDue(ledger, 1n),
	(ledger) => claim(ledger, "ada"),
	(ledger) => claim(ledger, "grace"),
];

/** What the contributors' part of one fee comes to, three quarters of it for Ada. */
export function earned(): Record<"ada" | "grace", bigint> {
	const { contributors } = splitFee(FEE, RATES.platformWei, SPLIT);
	const ada = (contributors * 3n) / 4n;
	return { ada, grace: contributors - ada };
}

/** Pays the model's till by a signed authorisation, once: a used one is found and left alone. */
export async function pay(ledger: Ledger, nonce: Hex): Promise<void> {
	const { payer, node } = people;
	if ((await readAuthorizedTransfer(ledger, payer.address, nonce)) !== undefined) return;
	await fundOpen(ledger, people.treasury, { to: payer.address, atLeastWei: FEE });
	const till = await readTill(ledger, await modelIdOf(ledger));
	const message = { from: payer.address, to: till!, value: FEE, validAfter: 0n, validBefore: 4_000_000_000n, nonce };
	const signature = await payer.signTypedData({
		domain: {
			name: "OpenLedger",
			version: "1",
			chainId: ledger.client.chainId,
			verifyingContract: ledger.addresses.openToken,
		},
		types: {
			TransferWithAuthorization: [
				{ name: "from", type: "address" },
				{ name: "to", type: "address" },
				{ name: "value", type: "uint256" },
				{ name: "validAfter", type: "uint256" },
				{ name: "validBefore", type: "uint256" },
				{ name: "nonce", type: "bytes32" },
			],
		},
		primaryType: "TransferWithAuthorization",
		message,
	});
	const { r, s, yParity } = parseSignature(signature);
	await writeContract(ledger, node, {
		address: ledger.addresses.openToken,
		abi: openTokenAbi,
		functionName: "transferWithAuthorization",
		args: [message.from, message.to, FEE, 0n, message.validBefore, nonce, 27 + yParity, r, s],
	});
}

export function earnings() {
	const { ada, grace } = earned();
	return cumulativeTree([
		{ account: people.ada.address, cumulativeWei: ada },
		{ account: people.grace.address, cumulativeWei: grace },
	]);
}

/** Epoch 1 as it is proposed. */
export function rootClaim(changes: Partial<RootClaim> = {}): RootClaim {
	const tree = earnings();
	const receipts = epochReceiptsTree([digest("receipt 1")]);
	const data = dataTree(new TextEncoder().encode("what was published"));
	return {
		epoch: 1n,
		...{ receiptsRoot: receipts.root, receipts: receipts.count },
		...{ earningsRoot: tree.root, accounts: tree.accounts, totalCumulativeWei: tree.totalWei },
		...{ dataRoot: data.root, dataChunks: data.chunks },
		...changes,
	};
}

/** The challenge time of a local chain is a second; blocks that are mined by transactions alone do not let it pass. */
export async function activateWhenDue(ledger: Ledger, epoch: bigint): Promise<void> {
	for (let tries = 0; ; tries++) {
		try {
			await activateRoot(ledger, people.node, { epoch });
			return;
		} catch (error) {
			if (tries === 50 || (error as { code?: string }).code !== "contract/StillOpen") throw error;
			await new Promise((later) => setTimeout(later, 100));
		}
	}
}

export async function idOf(ledger: Ledger): Promise<Hex> {
	const wanted = { name: "world", termsHash: digest("terms"), licence: "CC0-1.0" };
	return (await createDatanet(ledger, people.owner, wanted)).datanetId;
}

export async function modelIdOf(ledger: Ledger): Promise<Hex> {
	return (await publishModel(ledger, people.owner, modelParams(await idOf(ledger)))).modelId;
}

async function contribution(ledger: Ledger, who: "ada" | "grace", rowCount: number): Promise<{ contributionId: Hex }> {
	return await contributeRows(ledger, people[who], await offer(ledger, who, rowCount));
}

/** The rows of somebody, as they are committed to and revealed. */
export async function offer(ledger: Ledger, who: string, rowCount: number): Promise<ContributeRows> {
	return { datanetId: await idOf(ledger), rowsRoot: digest(who), rowCount, salt: digest(`salt of ${who}`) };
}

function finalise(ledger: Ledger, of: { readonly contributionId: Hex }) {
	return finaliseContribution(ledger, people.node, { ...of, waitMs: 10_000 });
}

async function claim(ledger: Ledger, who: "ada" | "grace") {
	return claimRewards(ledger, people.node, { proof: earnings().proofFor(people[who].address) });
}
