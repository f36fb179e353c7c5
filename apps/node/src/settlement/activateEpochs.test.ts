// Roots that nothing stands behind any more, because a later one of their proposer fell: on a real chain and database, without the rest of a node.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	attributionRewardsAbi,
	challengeRoot,
	deployContracts,
	ensureStake,
	fundAccount,
	fundOpen,
	type Ledger,
	type LocalChain,
	localFaucet,
	localSettings,
	openLocalChain,
	openTokenAbi,
	proposeRoot,
	readProposer,
	readRoot,
} from "@openledger/chain";
import { cumulativeTree, dataTree, type Hex, type RootClaim, sha256, utf8 } from "@openledger/protocol";
import { asc } from "drizzle-orm";
import { type Abi, encodeFunctionData } from "viem";
import type { LocalAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demoSeed } from "../config.js";
import { type OpenedDatabase, openDatabase } from "../database/openDatabase.js";
import { epochs } from "../database/schema.js";
import { type Keystore, openKeystore } from "../home/keystore.js";
import type { NodeParts } from "../parts.js";
import { newDatabase } from "../testing/newDatabase.js";
import { awaitActivation } from "./activateEpochs.js";

const OPEN = 10n ** 18n;
const PATIENCE_MS = 10_000;
const certificate = sha256(utf8("certificate"));
const data = dataTree(Uint8Array.from({ length: 100 }, (_, i) => i));
const home = mkdtempSync(join(tmpdir(), "openledger-roots-"));
const lines: string[] = [];
let chain: LocalChain;
let database: OpenedDatabase;
let keys: Keystore;
let ledger: Ledger;
let parts: NodeParts;

beforeAll(async () => {
	keys = openKeystore(home, demoSeed);
	[chain, database] = await Promise.all([
		openLocalChain({ home: join(home, "chain"), chainId: 612055 }),
		newDatabase(join(home, "database")).then(() => openDatabase(join(home, "database"))),
	]);
	const { client } = chain;
	const accounts = [keys.account("treasury"), keys.account("settler"), keys.account("node"), watcher(), rival()];
	for (const { address } of [keys.account("owner"), ...accounts])
		await fundAccount(client, localFaucet(), { to: address, atLeastWei: OPEN });
	const roles = { ...localSettings, treasury: keys.address("treasury"), settler: keys.address("settler") };
	ledger = { client, addresses: await deployContracts(client, keys.account("owner"), roles) };
	const { openToken, attributionRewards } = ledger.addresses;
	const [from, wei] = [keys.account("node"), 100n * OPEN];
	await fundOpen(ledger, keys.account("treasury"), { to: from.address, atLeastWei: wei });
	await send(from.address, openToken, openTokenAbi, "approve", [attributionRewards, wei]);
	await send(from.address, attributionRewards, attributionRewardsAbi, "fund", [wei]);
	// Only what activation works on.
	const { signal: closing } = new AbortController();
	parts = { db: database.db, keys, ledger, closing, log: (line: string) => lines.push(line) } as unknown as NodeParts;
});
afterAll(async () => {
	await chain?.stop();
	await database?.close();
	rmSync(home, { recursive: true, force: true });
});

const watcher = () => keys.account("contributor", "ada");
const rival = () => keys.account("contributor", "rival");
const rpc = (method: string, ...params: unknown[]) =>
	chain.client.publicClient.request({ method, params } as unknown as { method: "eth_chainId" });

/** As anybody, a contract included: the chain is asked to do without the signature. */
async function send(from: Hex, to: Hex, abi: Abi, functionName: string, args: readonly unknown[]): Promise<void> {
	await rpc("anvil_impersonateAccount", from);
	await rpc("anvil_setBalance", from, "0xde0b6b3a7640000");
	const hash = await rpc("eth_sendTransaction", { from, to, data: encodeFunctionData({ abi, functionName, args }) });
	const receipt = await chain.client.publicClient.waitForTransactionReceipt({ hash: hash as Hex });
	expect([functionName, receipt.status]).toEqual([functionName, "success"]);
}

const tree = cumulativeTree([
	{ account: `0x${"11".repeat(20)}`, cumulativeWei: 20n * OPEN },
	{ account: `0x${"22".repeat(20)}`, cumulativeWei: 30n * OPEN },
]);
const claimOf = (epoch: number, changes: Partial<RootClaim> = {}): RootClaim => ({
	...{ epoch: BigInt(epoch), receiptsRoot: sha256(utf8("receipts")), receipts: 1 },
	...{ earningsRoot: tree.root, accounts: tree.accounts, totalCumulativeWei: tree.totalWei },
	...{ dataRoot: data.root, dataChunks: data.chunks, ...changes },
});

/** A right root for the epoch, and a wrong one behind it that falls with the bond of both. */
async function loseTheBond(proposer: LocalAccount, epoch: number): Promise<void> {
	await ensureStake(ledger, keys.account("treasury"), { operator: proposer.address, atLeastWei: 100n * OPEN });
	await proposeRoot(ledger, proposer, { claim: claimOf(epoch), dataCertificate: certificate });
	const claim = claimOf(epoch + 1, { totalCumulativeWei: tree.totalWei + 1n });
	const { proposal } = await proposeRoot(ledger, proposer, { claim, dataCertificate: certificate });
	await challengeRoot(ledger, watcher(), proposal, { kind: "leaf", leaf: tree.proofAt(1) });
	expect(await readProposer(ledger, proposer.address)).toMatchObject({ bondWei: 0n });
}

async function note(epoch: number, status: "proposed" | "stored"): Promise<void> {
	const { receiptsRoot, earningsRoot, totalCumulativeWei: totalWei, dataRoot, dataChunks } = claimOf(epoch);
	const written = { receiptsRoot, earningsRoot, totalWei, dataRoot, dataChunks, certificate, challengeEnds: 0n };
	await database.db.insert(epochs).values({ epoch, status, closedAt: 0n, ...written });
}
const noted = async () =>
	(await database.db.select().from(epochs).orderBy(asc(epochs.epoch))).map(({ status }) => status);

test("default: the node's own root whose bond is gone is bonded again, and pays", async () => {
	const settler = keys.account("settler");
	await loseTheBond(settler, 1);
	await note(1, "proposed");
	// Without stake nothing can be locked: the queue waits, and says so.
	await expect(awaitActivation(parts, PATIENCE_MS)).rejects.toMatchObject({ code: "contract/StakeTooLow" });
	expect(await noted()).toEqual(["proposed"]);
	await ensureStake(ledger, keys.account("treasury"), { operator: settler.address, atLeastWei: 100n * OPEN });
	const active: number[] = [];
	expect(await awaitActivation(parts, PATIENCE_MS, (epoch) => active.push(epoch))).toBeUndefined();
	expect(active).toEqual([1]);
	expect(await noted()).toEqual(["active"]);
	expect((await readProposer(ledger, settler.address)).bondWei).toBe(100n * OPEN);
	expect((await readRoot(ledger, 1n))!.status).toBe("active");
});

test("default: another proposer's root whose bond is gone is dropped, so that the queue goes on", async () => {
	const { attributionRewards, openTimelock } = ledger.addresses;
	await send(openTimelock, attributionRewards, attributionRewardsAbi, "setProposer", [rival().address, true]);
	await loseTheBond(rival(), 2);
	await note(2, "proposed");
	await note(3, "stored");
	expect(await awaitActivation(parts, PATIENCE_MS)).toBeUndefined();
	expect((await readRoot(ledger, 2n))!.status).toBe("fallen");
	expect(await noted()).toEqual(["active", "fallen", "fallen"]);
	expect(lines).toEqual([expect.stringContaining("the root of epoch 2 fell")]);
	// The settler's next root takes its place.
	const settler = keys.account("settler");
	expect(await proposeRoot(ledger, settler, { claim: claimOf(2), dataCertificate: certificate })).toMatchObject({
		status: "pending",
	});
});
