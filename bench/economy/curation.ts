// One epoch's contributions to a datanet under a committee: committed, revealed, judged by jury, appealed where the watcher sees that
// junk got through. It must not know who earns how much with what was accepted.
import { encodeAbiParameters, type Hex, keccak256, toHex } from "viem";
import { COSTS, curatorsVote, NAMES } from "./agents.js";
import type { Chance } from "./chance.js";
import { runCase } from "./juries.js";
import type { Ledgers } from "./state.js";
import { accountOf, DAY, OPEN, type World } from "./world.js";

/** What is offered, as the truth has it: 1 good, 2 a copy, 3 junk. */
type Offer = { readonly who: string; readonly rows: number; readonly truth: 1 | 2 | 3 };

export const ROWS = 100;
const DATANET = { name: "economy", stakePerRowWei: 10n * OPEN };

export async function createDatanet(world: World): Promise<Hex> {
	const terms = {
		...{
			name: DATANET.name,
			termsHash: keccak256(toHex("terms")),
			licence: "CC-BY-4.0",
			contentType: "application/jsonl",
		},
		...{ schemaHash: keccak256(toHex("schema")), stakePerRowWei: DATANET.stakePerRowWei, accessPriceWei: OPEN / 100n },
		...{ rule: 1, contributorsPpm: 0 },
	};
	const sent = await world.send(accountOf(NAMES.owner), "datanetRegistry", "create", [terms]);
	return sent.event<{ datanetId: Hex }>("datanetRegistry", "DatanetCreated").datanetId;
}

export async function curate(world: World, chance: Chance, ledgers: Ledgers, datanetId: Hex, epoch: number) {
	const offers: Offer[] = [
		{ who: NAMES.honest, rows: ROWS, truth: 1 },
		...NAMES.sybils.map((who) => ({ who, rows: ROWS / NAMES.sybils.length, truth: 1 as const })),
		{ who: NAMES.copier, rows: ROWS, truth: 2 },
		{ who: NAMES.spammer, rows: ROWS, truth: 3 },
		{ who: NAMES.ring, rows: ROWS, truth: 3 },
	];
	const made: { offer: Offer; id: Hex; wasAppealed: boolean }[] = [];
	for (const offer of offers) {
		if (!(await canPay(world, offer))) continue;
		if (offer.truth === 1) ledgers.spend(offer.who, BigInt(offer.rows) * COSTS.goodRow * OPEN);
		const { id, caseId } = await contribute(world, datanetId, offer, epoch);
		await runCase(world, caseId, judged(ledgers, curatorsVote(chance, offer.truth, offer.who === NAMES.ring, caseId)));
		await world.send(accountOf(NAMES.owner), "datanetRegistry", "resolve", [id]);
		made.push({ offer, id, wasAppealed: await appealJunk(world, chance, ledgers, offer, id) });
	}
	await world.pass(4 * DAY);
	for (const { offer, id, wasAppealed } of made) {
		if (!wasAppealed) await world.send(accountOf(NAMES.owner), "datanetRegistry", "finalise", [id]);
		const { status, acceptedRows } = await contributionOf(world, id);
		if (status === ACCEPTED) ledgers.accept(offer.who, acceptedRows, offer.truth, epoch);
	}
}

const ACCEPTED = 2;
const CHOICE_JUNK = 3;

async function contribute(world: World, datanetId: Hex, { who, rows }: Offer, epoch: number) {
	const from = accountOf(who);
	const [rowsRoot, salt] = [keccak256(toHex(`rows/${who}/${epoch}`)), keccak256(toHex(`salt/${who}/${epoch}`))];
	const types = [
		{ type: "bytes32" },
		{ type: "address" },
		{ type: "bytes32" },
		{ type: "uint32" },
		{ type: "bytes32" },
	] as const;
	const commitment = keccak256(encodeAbiParameters(types, [datanetId, from, rowsRoot, rows, salt]));
	await world.send(from, "datanetRegistry", "commitContribution", [datanetId, commitment]);
	await world.mine(1);
	const sent = await world.send(from, "datanetRegistry", "contribute", [datanetId, rowsRoot, rows, salt]);
	const id = sent.event<{ contributionId: Hex }>("datanetRegistry", "Contributed").contributionId;
	return { id, caseId: sent.event<{ caseId: bigint }>("datanetRegistry", "CaseOpened").caseId };
}

/** The watcher reads what was accepted, and appeals against junk; the contributor's stake is what stands against its bond. */
async function appealJunk(world: World, chance: Chance, ledgers: Ledgers, offer: Offer, id: Hex): Promise<boolean> {
	if ((await contributionOf(world, id)).status !== ACCEPTED || offer.truth !== CHOICE_JUNK) return false;
	const sent = await world.send(accountOf(NAMES.watcher), "datanetRegistry", "appeal", [id]);
	let caseId: bigint;
	try {
		caseId = sent.event<{ caseId: bigint }>("datanetRegistry", "CaseOpened").caseId;
	} catch {
		// Nobody has defended it yet: whoever stands to lose does.
		const defended = await world.send(accountOf(offer.who), "datanetRegistry", "defend", [id]);
		caseId = defended.event<{ caseId: bigint }>("datanetRegistry", "CaseOpened").caseId;
	}
	await runCase(world, caseId, judged(ledgers, curatorsVote(chance, offer.truth, offer.who === NAMES.ring, caseId)));
	await world.send(accountOf(NAMES.owner), "datanetRegistry", "resolve", [id]);
	return true;
}

/** Whoever looks at what it judges pays for looking. */
function judged(ledgers: Ledgers, voting: ReturnType<typeof curatorsVote>) {
	return (juror: Parameters<typeof voting>[0]) => {
		ledgers.spendBy(juror, COSTS.judging * OPEN);
		return voting(juror);
	};
}

function contributionOf(world: World, id: Hex) {
	return world.read<{ status: number; acceptedRows: number }>("datanetRegistry", "getContribution", [id]);
}

async function canPay(world: World, { who, rows }: Offer): Promise<boolean> {
	const held = await world.read<bigint>("openToken", "balanceOf", [accountOf(who)]);
	return held >= BigInt(rows) * DATANET.stakePerRowWei + 200n * OPEN;
}
