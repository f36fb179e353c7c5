// Kills and broken files at every point of the way: nothing is lost, nothing happens twice.
import { spawn } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { inspectProcess } from "./anvil/processes.js";
import { startAnvil } from "./anvil/startAnvil.js";
import type { Ledger } from "./client/ledger.js";
import { sendTransaction } from "./client/sendTransaction.js";
import { openTxJournal } from "./journal/openTxJournal.js";
import type { LocalChain } from "./openLocalChain.js";
import { openLocalChain } from "./openLocalChain.js";
import { readEvents } from "./reads/readEvents.js";
import { readCollected } from "./reads/readMoney.js";
import { openTestLedger, people, TEST_CHAIN_ID, temporaryHome } from "./testing/testLedger.js";
import { earned, steps } from "./testing/walkTheWay.js";

const RECEIVER = "0x000000000000000000000000000000000000bEEF";

/** A chain with the contracts on it, stopped cleanly: every test begins with a copy, since deploying takes seconds. */
const deployed = temporaryHome();
let place: ReturnType<typeof temporaryHome>;
let chain: LocalChain;
let ledger: Ledger;
const open = async () => {
	({ chain, ledger } = await openTestLedger(place.home));
};
const stateFile = () => join(place.home, "anvil-state.json");
const journalFile = () => join(place.home, "transactions.jsonl");
/** What kill -9 of the whole machine's processes leaves: no stop, no last state. */
const killed = async () => {
	process.kill(chain.anvil.pid, "SIGKILL");
	await chain.anvil.exited;
	chain.journal.close();
};
/** Everything observable: each block's time but block 0's, which anvil dates anew as it loads a state, each event, each balance that matters. */
const history = async () => {
	const latest = await ledger.client.publicClient.getBlockNumber();
	const times: bigint[] = [];
	for (let n = 1n; n <= latest; n++)
		times.push((await ledger.client.publicClient.getBlock({ blockNumber: n })).timestamp);
	return { times, events: await readEvents(ledger), money: await readCollected(ledger) };
};
const walk = async (from = 0, to = steps.length) => {
	for (const step of steps.slice(from, to)) await step(ledger);
};

beforeAll(async () => {
	await (await openTestLedger(deployed.home)).chain.stop();
});
afterAll(() => deployed.remove());
beforeEach(async () => {
	place = temporaryHome();
	cpSync(deployed.home, place.home, { recursive: true });
	await open();
});
afterEach(async () => {
	await chain.stop();
	place.remove();
});

describe("kill -9", () => {
	test("default: of the chain all along the way, then the same history again", async () => {
		for (let done = 1; done <= steps.length; done += 3) {
			await walk(Math.max(0, done - 3), done);
			const before = await history();
			await killed();
			await open();
			expect(chain.recovery.replayed).toBeGreaterThan(0);
			expect(await history()).toEqual(before);
		}
		await walk();
		expect((await readCollected(ledger)).claimedWei).toBe(earned().ada + earned().grace);
	});

	test("behavior: some seconds after a state file that lacks the last blocks", async () => {
		await walk(0, 3);
		await chain.stop();
		await open();
		await walk(3, 5);
		const before = await history();
		await killed();
		await new Promise((later) => setTimeout(later, 2500));
		await open();
		expect(chain.recovery.replayed).toBeGreaterThan(0);
		expect((await history()).events).toEqual(before.events);
	});

	test("behavior: with the journal cut in the middle of its last transaction", async () => {
		await walk(0, 5);
		await killed();
		const bytes = readFileSync(journalFile());
		const lastTx = bytes.lastIndexOf('{"tx"');
		truncateSync(journalFile(), lastTx + 60);
		await open();
		const names = (await readEvents(ledger)).map((event) => event.name);
		expect(names.filter((name) => name === "ContributionAccepted")).toHaveLength(1);
		await walk();
		expect((await readCollected(ledger)).claimedWei).toBe(earned().ada + earned().grace);
	});

	test("behavior: between writing a transaction and sending it", async () => {
		const rawTx = await people.ada.signTransaction({
			chainId: TEST_CHAIN_ID,
			to: people.grace.address,
			value: 5n,
			nonce: 0,
			gas: 21_000n,
			maxFeePerGas: 10n ** 10n,
			type: "eip1559",
		});
		const before = await ledger.client.publicClient.getBalance({ address: people.grace.address });
		const hash = chain.journal.append(rawTx);
		await killed();
		for (let starts = 0; starts < 2; starts++) {
			await open();
			expect(await ledger.client.publicClient.getBalance({ address: people.grace.address })).toBe(before + 5n);
			expect(chain.journal.get(hash)?.mined).toBeDefined();
			await killed();
		}
		await open();
	});

	test("behavior: a transaction that the chain refused is not tried again", async () => {
		const request = {
			to: people.grace.address,
			value: 5n,
			nonce: 7,
			gas: 21_000n,
			maxFeePerGas: 1n,
			type: "eip1559",
		} as const;
		const rawTx = await people.ada.signTransaction({ ...request, chainId: TEST_CHAIN_ID });
		await expect(ledger.client.publicClient.sendRawTransaction({ serializedTransaction: rawTx })).rejects.toThrow();
		expect(chain.journal.all().at(-1)?.refused).toBeDefined();
		await killed();
		await open();
		expect(chain.recovery.refused).toBe(0);
	});
});

describe("kill -9 while much is under way", () => {
	test("default: what was confirmed happened once, the rest at most once", async () => {
		await walk(0, 3);
		const client = chain.client;
		const sends = Array.from({ length: 30 }, (_, i) => {
			const from = [people.owner, people.node, people.settler][i % 3]!;
			return sendTransaction(client, from, { to: RECEIVER, value: 1n << BigInt(i) });
		});
		let confirmed = 0;
		for (const send of sends) {
			send.then(
				() => ++confirmed === 6 && process.kill(chain.anvil.pid, "SIGKILL"),
				() => undefined,
			);
		}
		const outcomes = await Promise.allSettled(sends);
		chain.journal.close();
		const done = outcomes.map((outcome) => outcome.status === "fulfilled");
		expect(new Set(done)).toEqual(new Set([true, false]));

		await open();
		const received = await ledger.client.publicClient.getBalance({ address: RECEIVER });
		for (const [i, arrived] of done.entries()) {
			// Each amount is a bit of its own: one that came twice would carry into the next.
			if (arrived) expect((received >> BigInt(i)) & 1n).toBe(1n);
		}
		expect(chain.journal.all().every((entry) => entry.mined !== undefined || entry.refused !== undefined)).toBe(true);
		await killed();
		await open();
		expect(await ledger.client.publicClient.getBalance({ address: RECEIVER })).toBe(received);
	});

	test("behavior: marks lost together with the state are found again in their old places", async () => {
		await walk();
		const before = await history();
		await killed();
		rmSync(stateFile(), { force: true });
		const lines = readFileSync(journalFile(), "utf8").split("\n");
		const marks = lines.filter((line) => line.startsWith('{"mined"'));
		const lost = new Set([marks[3], marks[9], marks.at(-1)]);
		writeFileSync(journalFile(), lines.filter((line) => !lost.has(line)).join("\n"));
		await open();
		const after = await history();
		expect(after.events).toEqual(before.events);
		expect(after.money).toEqual(before.money);
	});
});

describe("a state file that is", () => {
	const damages: Record<string, () => void> = {
		missing: () => rmSync(stateFile()),
		"cut in half": () => truncateSync(stateFile(), Math.floor(statSync(stateFile()).size / 2)),
	};
	for (const [name, damage] of Object.entries(damages)) {
		test(`behavior: ${name} is replaced by a replay of the journal`, async () => {
			await walk();
			const before = await history();
			await chain.stop();
			damage();
			await open();
			expect(chain.anvil.fresh).toBe(true);
			expect(await history()).toEqual(before);
			expect(chain.recovery.known).toBe(0);
		});
	}

	test("behavior: whole and up to date is used as it is", async () => {
		await walk();
		const before = await history();
		await chain.stop();
		await open();
		expect(chain.anvil.fresh).toBe(false);
		expect(chain.recovery).toMatchObject({ replayed: 0, refused: 0 });
		expect(await history()).toEqual(before);
	});

	test("behavior: from another history is refused", async () => {
		await walk(0, 3);
		await chain.stop();
		const journal = openTxJournal(journalFile());
		const last = journal.all().at(-1)!;
		journal.close();
		const text = readFileSync(journalFile(), "utf8");
		const wrong = text.replace(
			`{"mined":"${last.hash}","blockNumber":${last.mined!.blockNumber}`,
			`{"mined":"${last.hash}","blockNumber":999`,
		);
		writeFileSync(journalFile(), wrong);
		await expect(openLocalChain({ home: place.home, chainId: TEST_CHAIN_ID })).rejects.toMatchObject({
			code: "chain/diverged",
		});
		writeFileSync(journalFile(), text);
		await open();
	});
});

describe("the clock", () => {
	test("behavior: runs on from now after a replay, and never back", async () => {
		await walk(0, 2);
		await killed();
		await open();
		const { timestamp } = await sendTransaction(ledger.client, people.ada, { to: people.grace.address, value: 1n });
		expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(3);
	});
});

describe("processes", () => {
	test("behavior: an anvil left behind by a killed node is ended, and only that", async () => {
		await chain.stop();
		const script = `
			import { startAnvil } from ${JSON.stringify(new URL("./anvil/startAnvil.ts", import.meta.url).href)};
			const { pid } = await startAnvil({ home: ${JSON.stringify(place.home)}, chainId: ${TEST_CHAIN_ID} });
			console.log(pid);`;
		const args = ["--conditions=source", "--import", "tsx", "--input-type=module", "-e", script];
		const node = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
		const orphan = await new Promise<number>((found) => node.stdout.on("data", (text) => found(Number(text))));
		await expect(startAnvil({ home: place.home, chainId: TEST_CHAIN_ID })).rejects.toMatchObject({
			code: "anvil/in-use",
		});
		node.kill("SIGKILL");
		await new Promise((done) => node.once("exit", done));
		expect(inspectProcess(orphan)).toBeDefined();
		await open();
		expect(inspectProcess(orphan)).toBeUndefined();
	});

	test("behavior: a pid that now belongs to somebody else is left alone", async () => {
		await chain.stop();
		const stranger = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
		const record = { pid: stranger.pid, owner: 1, stateFile: stateFile() };
		writeFileSync(join(place.home, "anvil.pid"), JSON.stringify(record));
		await open();
		expect(inspectProcess(stranger.pid!)).toBeDefined();
		stranger.kill("SIGKILL");
	});

	test("behavior: another chain id, a taken port and a bad id are refused", async () => {
		await chain.stop();
		const { home } = place;
		await expect(startAnvil({ home, chainId: 1 })).rejects.toMatchObject({ code: "anvil/other-chain" });
		await expect(startAnvil({ home, chainId: 0 })).rejects.toMatchObject({ code: "anvil/bad-chain-id" });
		await open();
		const port = Number(new URL(chain.anvil.url).port);
		const other = temporaryHome();
		const taken = startAnvil({ home: other.home, chainId: TEST_CHAIN_ID, port });
		await expect(taken).rejects.toMatchObject({ code: "anvil/port-taken" });
		other.remove();
		expect(existsSync(join(home, "anvil.pid"))).toBe(true);
	});
});
