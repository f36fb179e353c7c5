// A dispute as people with wallets carry it: challenged, defended, judged, appealed, judged again, final; what came free is drawn. By what
// stands on the pages alone; only people who do nothing but hold a seat, and time that nobody acts in, are made outside.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
	contributeRows,
	delegateStake,
	fundAccount,
	fundOpen,
	joinJury,
	type Ledger,
	localFaucet,
	readBalance,
	readCase,
	readContribution,
	readDatanetOwed,
	readJurors,
	readJuryPay,
	readRewardsTill,
	transferOpen,
} from "@openledger/chain";
import type { Address, Hex } from "@openledger/protocol";
import { type LocalAccount, numberToHex } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import type { InjectedWallet } from "./injectedWallet.js";
import type { Visitor } from "./openBrowser.js";
import type { RunningNode } from "./runNode.js";
import { dropRows } from "./walkTheWay.js";

const COIN = 10n ** 18n;
const SEAT_WEI = 100n * COIN;
const JURORS = 5;
/** Accounts that the wallet needs: a contributor, a challenger, a defender, and the jurors. */
export const DISPUTE_ACCOUNTS = 3 + JURORS;
const LONG = { timeout: 15_000 };

export type Stage = {
	readonly visitor: Visitor;
	/** Of as many accounts as `DISPUTE_ACCOUNTS`. */
	readonly wallet: InjectedWallet;
	/** With windows in which people act. */
	readonly node: RunningNode;
	/** Its chain, past the node. */
	readonly ledger: Ledger;
	readonly treasury: LocalAccount;
	readonly owner: Address;
	/** Looks at the page at a moment that is worth it. */
	readonly onMoment: (moment: Moment) => Promise<void>;
};

/** Somebody may defend · a juror may seal · a juror may show · whose rows were refused may appeal · final. */
export type Moment = "challenged" | "sealing" | "showing" | "refused" | "final";

/** The people, the page that they share, and the contribution that they speak of. */
type Court = Stage & {
	readonly nina: PrivateKeyAccount;
	readonly ben: PrivateKeyAccount;
	readonly dora: PrivateKeyAccount;
	readonly jurors: readonly PrivateKeyAccount[];
	readonly offers: (name: RegExp) => Promise<void>;
	readonly press: (name: string | RegExp) => Promise<void>;
	readonly become: (who: PrivateKeyAccount) => Promise<void>;
	readonly stands: (text: string | RegExp) => Promise<void>;
};

export async function disputeByHand(stage: Stage): Promise<void> {
	const court = await gather(stage);
	await takeSeats(court);
	const id = await contribute(court);
	await firstRound(court, id);
	await appeal(court, id);
	await draw(court);
	await unchallenged(court);
	await undecided(court);
}

/** Everybody has OPEN and coins, and the page the wallet. */
async function gather(stage: Stage): Promise<Court> {
	const { visitor, wallet, ledger, treasury } = stage;
	const { page } = visitor;
	const { url, token } = stage.node;
	for (const { address } of wallet.accounts) {
		await fundAccount(ledger.client, localFaucet(), { to: address, atLeastWei: COIN });
		await fundOpen(ledger, treasury, { to: address, atLeastWei: 2n * SEAT_WEI });
	}
	await page.goto(`${url}/#token=${token}`);
	await page.getByRole("button", { name: "Connect a wallet" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Test wallet" }).click();
	const [nina, ben, dora, ...jurors] = wallet.accounts;
	const become = async (who: PrivateKeyAccount) => {
		await wallet.become(who);
		await page.getByRole("button", { name: `Wallet ${who.address.slice(0, 8)}…${who.address.slice(-4)}` }).waitFor();
	};
	await become(nina!);
	return {
		...stage,
		...{ nina: nina!, ben: ben!, dora: dora!, jurors, become },
		offers: (name) => page.getByRole("button", { name }).first().waitFor(LONG),
		press: (name) => page.getByRole("button", { name, exact: true }).first().click(LONG),
		stands: (text) => page.getByText(text).first().waitFor(LONG),
	};
}

/** One juror by hand: stakes behind herself and takes a seat; the others hold theirs already. */
async function takeSeats({
	visitor: { page },
	node: { url },
	ledger,
	jurors,
	become,
	press,
	stands,
}: Court): Promise<void> {
	const [first, ...others] = jurors;
	for (const juror of others) {
		await delegateStake(ledger, juror, { operator: juror.address, amountWei: SEAT_WEI });
		await joinJury(ledger, juror, { role: "curator" });
	}
	await become(first!);
	await page.goto(`${url}/stake`);
	await press("yourself");
	await page.getByLabel("Amount, OPEN").fill("100");
	await press("Stake");
	await stands(/100 OPEN staked/);
	await page
		.getByRole("listitem")
		.filter({ hasText: "A curator judges contributions" })
		.getByRole("button")
		.click(LONG);
	await stands(/100 OPEN locked, 0 open cases/);
}

/** A datanet that nobody decides for, and rows whose stake is too low to stand for them. */
async function contribute({ visitor: { page }, node: { url }, nina, become, press, stands }: Court): Promise<Hex> {
	await become(nina);
	await page.goto(`${url}/datanets`);
	await press("New datanet");
	const dialog = page.getByRole("dialog");
	await dialog.getByLabel("Name").fill("tides");
	await dialog.getByLabel("Who decides on contributions").selectOption("open");
	await dialog.getByLabel("Stake per row (OPEN)").fill("0.5");
	await dialog.getByRole("button", { name: "Create datanet" }).click();
	await page.waitForURL(/\/datanets\/tides\?tab=contribute/, LONG);
	await dropRows(page, [
		["What moves the tides?", "Mostly the moon."],
		["How many high tides has a day?", "Two, nearly everywhere."],
		["What is a neap tide?", "A weak one, at the half moons."],
	]);
	await press("Contribute with my wallet");
	await stands("3 rows are on chain and wait for their review.");
	await page.getByRole("link", { name: "Follow the review" }).click();
	await press(/^Look at the contribution/);
	await page.waitForURL(/contribution=0x/);
	return new URL(page.url()).searchParams.get("contribution") as Hex;
}

/** Challenged, defended, judged: the jury refuses, by two against one. */
async function firstRound(court: Court, id: Hex): Promise<void> {
	const { ledger, ben, dora, become, press, offers, stands, onMoment } = court;
	// Whose rows they are cannot challenge them.
	await stands("Nothing else now: it waits for its time, or for others.");
	await become(ben);
	await press(/^Challenge for/);
	await stands("Challenged, waits for a defence");
	await become(dora);
	await offers(/^Defend the contribution for/);
	await onMoment("challenged");
	await press(/^Defend the contribution for/);
	await stands("Before a jury");
	await vote(court, 1n, ["Refuse", "Refuse", "Accept"]);
	await stands("Decided, can be appealed");
	assert.equal((await readContribution(ledger, id))?.status, "rejected");
}

/** Appealed by whose rows they are, defended by the challenger, judged by others as well: accepted, and that is final. */
async function appeal(court: Court, id: Hex): Promise<void> {
	const { ledger, nina, ben, become, press, offers, stands, onMoment } = court;
	await become(nina);
	await offers(/^Appeal the refusal for/);
	await onMoment("refused");
	await press(/^Appeal the refusal for/);
	await stands("Appealed, waits for a defence");
	await become(ben);
	await press(/^Defend the decision for/);
	await stands("Before the jury of appeal");
	await vote(court, 2n, ["Accept"]);
	await stands("Nothing: the decision is final.");
	await onMoment("final");
	assert.deepEqual(await readContribution(ledger, id).then((one) => [one?.stage, one?.status]), ["final", "accepted"]);
}

/** Jurors are drawn, seal and show; anybody counts and brings it on. What is not said is said as the last. */
async function vote(court: Court, caseId: bigint, said: readonly string[]): Promise<void> {
	const { visitor, ledger, jurors, become, press, stands, onMoment } = court;
	const { page } = visitor;
	await press("Draw the jurors");
	await stands("Jurors seal their votes");
	const drawn = (await readJurors(ledger, caseId)).map((address) => address.toLowerCase());
	const seated = jurors.filter(({ address }) => drawn.includes(address.toLowerCase()));
	assert.equal(seated.length, (await readCase(ledger, caseId))?.drawn);
	for (const [place, juror] of seated.entries()) {
		await become(juror);
		await stands("You were drawn for this jury.");
		if (caseId === 1n && place === 0) await onMoment("sealing");
		await page.getByLabel("Your vote").selectOption({ label: said[place] ?? said.at(-1)! });
		await press("Seal my vote");
		await stands("Your vote is sealed.");
		if (caseId === 1n && place === 0) await loseAndRestore(court);
	}
	for (const [place, juror] of seated.entries()) {
		await become(juror);
		if (caseId === 1n && place === 0) await onMoment("showing");
		await press("Show my vote");
		await stands(`You voted: ${said[place] ?? said.at(-1)}.`);
	}
	await press("Count the votes");
	await stands("Verdict");
	await press(/^Bring it on/);
}

/** The browser forgets how the vote was sealed; the file that was saved brings it back. */
async function loseAndRestore({ visitor: { page }, stands }: Court): Promise<void> {
	const saving = page.waitForEvent("download");
	await page.getByRole("button", { name: "Save my vote as a file" }).click();
	const file = await (await saving).path();
	await page.evaluate("localStorage.clear()");
	await page.reload();
	await stands("This browser does not have what opens it.");
	const chosen = { name: "vote.json", mimeType: "application/json", buffer: readFileSync(file) };
	await page.locator("input[type=file]").setInputFiles({ ...chosen, buffer: Buffer.from("{}") });
	await stands("This file does not open the vote that you sealed.");
	await page.locator("input[type=file]").setInputFiles(chosen);
	await page.getByRole("button", { name: "Save my vote as a file" }).waitFor();
}

/** Deposits here, the jurors' pay and what their stake earned under Stake. */
async function draw({
	visitor: { page },
	node: { url },
	ledger,
	treasury,
	nina,
	dora,
	jurors,
	become,
	press,
	stands,
}: Court) {
	for (const who of [nina, dora]) {
		const owed = await readDatanetOwed(ledger, who.address);
		const before = await readBalance(ledger, who.address);
		assert.ok(owed > 0n);
		await become(who);
		await press(/^Draw [0-9.]+ OPEN$/);
		await page.getByRole("button", { name: /^Draw [0-9.]+ OPEN$/ }).waitFor({ state: "detached" });
		assert.equal(await readBalance(ledger, who.address), before + owed);
	}
	const paid = await Promise.all(jurors.map(async ({ address }) => await readJuryPay(ledger, address)));
	const juror = jurors[paid.findIndex((wei) => wei > 0n)]!;
	const till = await readRewardsTill(ledger, juror.address);
	await transferOpen(ledger, treasury, { to: till, amountWei: 3n * COIN });
	await become(juror);
	await page.goto(`${url}/stake`);
	await press("Withdraw jury pay");
	await stands(/The jury owes you 0 OPEN/);
	assert.equal(await readJuryPay(ledger, juror.address), 0n);
	await press("Bring in 3");
	const before = await readBalance(ledger, juror.address);
	await press("Claim reward");
	await stands(/staked, 0 OPEN earned/);
	assert.ok((await readBalance(ledger, juror.address)) > before);
}

/** What nobody challenges in time anybody makes final. */
async function unchallenged(court: Court): Promise<void> {
	const { visitor, node, ledger, nina, ben, become, press, stands } = court;
	const id = await offered(court, "tides", nina, "Where are the highest tides?");
	await visitor.page.goto(`${node.url}/datanets?tab=reviews&contribution=${id}`);
	await become(ben);
	await visitor.page.getByRole("button", { name: /^Challenge for/ }).waitFor();
	await pass(ledger, 200);
	await press("Make it final");
	await stands("Nothing: the decision is final.");
	assert.equal((await readContribution(ledger, id))?.status, "accepted");
}

/** What the owner leaves lying, whose rows they are takes back, and the stake with them. */
async function undecided(court: Court): Promise<void> {
	const { visitor, node, ledger, owner, nina, become, press, stands } = court;
	await postJson(court, "/datanets", { name: "moons", rule: "owner", stakePerRowWei: String(COIN) });
	// An owner that cannot pay for gas decides nothing.
	await ask(ledger, "anvil_setBalance", [owner, "0x0"]);
	const id = await offered(court, "moons", nina, "Which moon is the largest?");
	await pass(ledger, 3700);
	await become(nina);
	await visitor.page.goto(`${node.url}/datanets?tab=reviews&contribution=${id}`);
	await press("Take it back");
	await stands("taken back");
	await press(/^Draw 1.5 OPEN$/);
	await stands("Nothing: the decision is final.");
	assert.equal((await readContribution(ledger, id))?.status, "taken-back");
	await ask(ledger, "anvil_setBalance", [owner, numberToHex(COIN)]);
}

/** One row of a wallet, drafted at the node and offered on chain. */
async function offered(court: Court, datanet: string, who: PrivateKeyAccount, prompt: string): Promise<Hex> {
	const content = JSON.stringify({ prompt, response: `Ask ${prompt.length} others.` });
	const drafted = { contributor: who.address, format: "jsonl", content };
	const draft = await postJson<Drafted>(court, `/datanets/${datanet}/drafts`, drafted);
	const { datanetId, rowsRoot, rowCount, salt, contributionId } = draft;
	await contributeRows(court.ledger, who, { datanetId, rowsRoot, rowCount, salt });
	await postJson(court, `/drafts/${contributionId}/offered`, {}).catch(() => {});
	return contributionId;
}

type Drafted = Record<"contributionId" | "datanetId" | "rowsRoot" | "salt", Hex> & { readonly rowCount: number };

async function postJson<T>({ node: { url, token } }: Stage, path: string, body: unknown): Promise<T> {
	const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
	const answer = await fetch(`${url}/api${path}`, { method: "POST", headers, body: JSON.stringify(body) });
	const text = await answer.text();
	assert.ok(answer.ok, text);
	return JSON.parse(text) as T;
}

async function ask({ client }: Ledger, method: string, params: readonly unknown[]): Promise<void> {
	await client.publicClient.request({ method, params } as never);
}

/** Nobody acts meanwhile. */
async function pass(ledger: Ledger, seconds: number): Promise<void> {
	await ask(ledger, "evm_increaseTime", [numberToHex(seconds)]);
	await ask(ledger, "evm_mine", []);
}
