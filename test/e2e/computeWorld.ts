// A chain with contracts, a datanet's frozen rows, training jobs and people with stakes, for daemons that run as processes of their own.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
	type Addresses,
	delegateStake,
	deployContracts,
	fundAccount,
	joinJury,
	type Ledger,
	type LocalChain,
	localFaucet,
	localParameters,
	localSettings,
	openLocalChain,
	postJob,
	transferOpen,
} from "@openledger/chain";
import { openReplay, parseRecipe, recipeText } from "@openledger/factory";
import { createEngine, engineId, loadBase } from "@openledger/llm";
import { type Hex, keccak256, rowCommitment, sha256, snapshotRoot, utf8 } from "@openledger/protocol";
import { localData, openDataStore, putBlob } from "@openledger/rollup";
import { type LocalAccount, privateKeyToAccount } from "viem/accounts";
import { bundleBytes } from "../../apps/node/src/compute/jobBundle.js";
import { writeTinyBase } from "../../apps/node/src/testing/writeTinyBase.js";
import { freezeRows } from "./freezeRows.js";

export const OPEN = 10n ** 18n;
const CHAIN_ID = 612055;
const NAMES = ["treasury", "owner", "ada", "trainer", "cheater", "first", "second", "third"] as const;
export type Name = (typeof NAMES)[number];

export type Terms = { readonly label: string; readonly payWei: bigint; readonly stakeWei: bigint };

export type ComputeWorld = {
	readonly chain: LocalChain;
	readonly ledger: Ledger;
	readonly people: Readonly<Record<Name, LocalAccount>>;
	/** What a daemon is told besides its account. */
	readonly where: { readonly rpcUrl: string; readonly chainId: number; readonly addresses: Addresses };
	readonly contractsFile: string;
	readonly dataFolder: string;
	readonly baseFolder: string;
	/** Steps of each job's run. */
	readonly steps: number;
	keyFile(name: Name): string;
	postJob(terms: Terms): Promise<Hex>;
	/** Lets the chain's time pass. */
	pass(seconds: number): Promise<void>;
	close(): Promise<void>;
};

const keyOf = (name: Name): Hex => keccak256(utf8(`compute world: ${name}`));
const ROWS = Array.from({ length: 8 }, (_, i) => ({ prompt: `What is ${i} and ${i}?`, response: `${2 * i}.` }));

/** Times that a loaded machine can keep; what is waited for in vain is passed over by `pass`. */
const parameters = {
	...localParameters,
	...Object.fromEntries(
		Object.entries({
			...{ jobChallengeSeconds: 120n, disputeMoveSeconds: 90n, voteCommitSeconds: 90n, voteRevealSeconds: 90n },
			unbondingSeconds: 3600n,
		}).map(([key, value]) => [key, { ...localParameters[key as keyof typeof localParameters], value }]),
	),
};

export async function openComputeWorld(home: string): Promise<ComputeWorld> {
	const people = Object.fromEntries(
		NAMES.map((name) => [name, privateKeyToAccount(keyOf(name))]),
	) as ComputeWorld["people"];
	const [chain, baseFolder] = await Promise.all([
		openLocalChain({ home: join(home, "chain"), chainId: CHAIN_ID }),
		writeTinyBase(join(home, "base")).then(() => join(home, "base")),
	]);
	const { client, anvil } = chain;
	for (const name of NAMES) await fundAccount(client, localFaucet(), { to: people[name].address, atLeastWei: OPEN });
	const roles = { ...localSettings, parameters, treasury: people.treasury.address, settler: people.treasury.address };
	const addresses = await deployContracts(client, people.owner, roles);
	const ledger = { client, addresses };
	for (const name of NAMES.slice(1))
		await transferOpen(ledger, people.treasury, { to: people[name].address, amountWei: 1000n * OPEN });
	const stakes = { trainer: 400n, cheater: 400n, first: 100n, second: 100n, third: 100n };
	for (const [name, stake] of Object.entries(stakes) as [Name, bigint][]) {
		const account = people[name];
		await delegateStake(ledger, account, { operator: account.address, amountWei: stake * OPEN });
		// The third takes its seat by itself.
		if (stake === 100n && name !== "third") await joinJury(ledger, account, { role: "verifier" });
	}

	const dataFolder = join(home, "data");
	const rows = ROWS.map((row, cluster) => {
		const salt = sha256(utf8(`salt ${cluster}`));
		return { ...row, cluster, contributor: people.ada.address, salt, commitment: rowCommitment(row, salt) };
	});
	const root = snapshotRoot(rows.map((row, index) => ({ index, ...row })));
	const commitments = rows.map(({ commitment }) => commitment);
	const frozen = await freezeRows(ledger, people, { root, commitments, accessPriceWei: OPEN / 10n });
	const bundle = bundleBytes([rows]);
	const certificate = await putBlob(localData(openDataStore(dataFolder)), bundle);
	const recipe = parseRecipe({
		...{ rank: 4, alpha: 8, epochs: 4, batchSize: 4, learningRate: 0.01, commitEvery: 1, maxLength: 64 },
		checkpoints: [0.25, 0.5, 0.75],
	});
	const engine = createEngine(await loadBase(baseFolder));
	const replay = openReplay({ engine, rows, snapshotRoot: root, recipe });
	const steps = replay.linkSteps.length - 1;
	replay.close();

	const where = { rpcUrl: anvil.url, chainId: CHAIN_ID, addresses };
	mkdirSync(join(home, "keys"));
	for (const name of NAMES) writeFileSync(join(home, "keys", name), keyOf(name).slice(2), { mode: 0o600 });
	const contractsFile = join(home, "contracts.json");
	writeFileSync(contractsFile, JSON.stringify({ chainId: CHAIN_ID, addresses }));

	return {
		...{ chain, ledger, people, where, contractsFile, dataFolder, baseFolder, steps },
		keyFile: (name) => join(home, "keys", name),
		async postJob({ label, payWei, stakeWei }) {
			const { jobId } = await postJob(ledger, people.owner, {
				...{ salt: sha256(utf8(label)), baseDigest: engine.base.digest, engineId: engineId() },
				...{ snapshots: [frozen], recipe: recipeText(recipe), steps, trainSeconds: 3600n, payWei, stakeWei },
				...{ dataDigest: sha256(bundle), dataCertificate: certificate },
			});
			return jobId;
		},
		async pass(seconds) {
			const request = client.publicClient.request as (call: { method: string; params: unknown[] }) => Promise<unknown>;
			await request({ method: "evm_increaseTime", params: [seconds] });
			await request({ method: "evm_mine", params: [] });
		},
		close: () => chain.stop(),
	};
}
