// Puts the rooms together: one home, one chain, one database, one base model. Every start is a recovery.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
	deployCanonical,
	deployContracts,
	ensureStake,
	followEvents,
	fundAccount,
	fundAllocation,
	type LocalChain,
	localFaucet,
	localSettingsOf,
	openLocalChain,
	readParameter,
} from "@openledger/chain";
import { openBlobStore, openRecordStore, type RecordStore } from "@openledger/datanet";
import { createEngine, engineId, loadBase } from "@openledger/llm";
import { createCanonicalBackend } from "@openledger/openlora";
import { hexToBytes } from "@openledger/protocol";
import { dataClient, localData, openDataStore } from "@openledger/rollup";
import { createMachine, type Machine } from "@openledger/tensor";
import { asc, eq } from "drizzle-orm";
import { runAudit, unfinishedAudits } from "./audit/runAudit.js";
import type { NodeConfig, ServingConfig } from "./config.js";
import { type OpenedDatabase, openDatabase } from "./database/openDatabase.js";
import { models } from "./database/schema.js";
import { resumeContributions } from "./datanet/contribute.js";
import { finishErasures } from "./datanet/eraseRow.js";
import { type FollowedOffers, followOffers } from "./datanet/followOffers.js";
import { errorText } from "./errors.js";
import { createHeavy } from "./heavy.js";
import { openKeystore, type Role } from "./home/keystore.js";
import { type HomeLock, lockHome } from "./home/lock.js";
import { refuseOtherContracts } from "./home/refuseOtherContracts.js";
import { keepWindows } from "./home/windows.js";
import { receiptsIdle } from "./inference/answerPaid.js";
import { completePending } from "./inference/completePending.js";
import { type FollowedModels, followModels } from "./model/followModels.js";
import { openCurves } from "./model/openCurves.js";
import { openModelShelf } from "./model/openModelShelf.js";
import { runReplay, unfinishedReplays } from "./model/replay/runReplay.js";
import { runTraining, unfinishedTrainings } from "./model/trainModel.js";
import { type NativeUse, useNative } from "./native/useNative.js";
import type { NodeParts } from "./parts.js";
import { openPaymentMethods } from "./payment/index.js";
import { type Served, serve } from "./serve.js";
import { type FollowedSettlement, followSettlement } from "./settlement/followSettlement.js";
import { openSpanShelf, type SpanShelf } from "./spans/openSpanShelf.js";
import { createTurns } from "./turns.js";

export type OpenNode = {
	readonly parts: NodeParts;
	/** What had to be done after the last end, for people to read. */
	readonly recovered: readonly string[];
	/** How long opening took, chain and recovery included. */
	readonly openSeconds: number;
	/** Resolves when the node cannot go on, whatever is asked of it: its chain is gone. Close it, and start it again. */
	readonly failed: Promise<Error>;
	/** Begins to listen; a second call returns the same address. */
	serve(): Promise<{ readonly url: string }>;
	/** Takes no more requests, finishes those that are paid, ends the chain, frees the home. May be called twice. */
	close(): Promise<void>;
};

/** Accounts that send transactions, and so need gas. */
const SENDERS: readonly Role[] = ["treasury", "settler", "owner", "node", "facilitator"];
const GAS_WEI = 1000n * 10n ** 18n;

/** Opens a home, or makes it. Throws `home/locked` if another node has it, and the rooms' own errors. */
export async function openNode(config: NodeConfig): Promise<OpenNode> {
	const { home, chainId, baseFolder, log = () => {} } = config;
	const begun = performance.now();
	mkdirSync(home, { recursive: true, mode: 0o700 });
	const opened: Opened = {};
	try {
		opened.lock = lockHome(home);
		const keys = openKeystore(home, config.seed);
		const windows = keepWindows(home, config.windows);
		const chainFolder = join(home, "chain");
		const opening = [
			openDatabase(join(home, "database")).then((it) => {
				opened.database = it;
				return it;
			}),
			openLocalChain({ home: chainFolder, chainId, log, keepUp: true }).then((it) => {
				opened.chain = it;
				return it;
			}),
			loadBase(baseFolder),
		] as const;
		// If one fails, what the others opened meanwhile must be known, so that it can be closed.
		await Promise.allSettled(opening);
		const [database, chain, base] = await Promise.all(opening);
		const { client } = chain;
		for (const role of SENDERS) {
			await fundAccount(client, localFaucet(), { to: keys.account(role).address, atLeastWei: GAS_WEI / 2n });
		}
		const roles = {
			...localSettingsOf(windows),
			treasury: keys.account("treasury").address,
			settler: keys.account("settler").address,
		};
		await refuseOtherContracts(client, database.db, { ...roles, deployer: keys.account("owner").address });
		await deployCanonical(client, keys.account("owner"));
		const deployed = { client, addresses: await deployContracts(client, keys.account("owner"), roles) };
		const ledger = { ...deployed, events: followEvents(deployed) };
		// Who proposes roots stands behind them with a bond.
		const { value: atLeastWei } = await readParameter(ledger, "rootBondWei");
		await ensureStake(ledger, keys.account("treasury"), { operator: roles.settler, atLeastWei });
		// The grants of OPEN are parameters of the deployment; their money comes from the supply.
		await fundAllocation(ledger, keys.account("treasury"));
		opened.native = useNative(config.nativeFolder, log);
		const { kernels } = opened.native;
		opened.machine = createMachine({ threads: config.threads ?? 1, ...(kernels && { kernels }) });
		const engine = createEngine(base, opened.machine);
		opened.spans = openSpanShelf(() => parts);
		const closing = new AbortController();
		const turns = createTurns();
		const payments = await openPaymentMethods({
			...{ db: database.db, ledger, turns, log },
			facilitatorAccount: keys.account("facilitator"),
			nodeAccount: keys.account("node"),
		});
		opened.records = openRecordStore(join(home, "records"), {
			contributorKey: (contributor) => hexToBytes(keys.secret("record-key", contributor)),
		});
		const dataStore = openDataStore(join(home, "data"));
		const parts: NodeParts = {
			home,
			baseFolder,
			chainId,
			keys,
			db: database.db,
			ledger,
			engine,
			engineId: engineId(),
			blobs: openBlobStore(join(home, "blobs")),
			records: opened.records,
			data: config.dataUrl === undefined ? localData(dataStore) : dataClient(config.dataUrl),
			dataStore,
			backend: createCanonicalBackend(engine, { id: base.name, ...backendOptions(config.serving) }),
			shelf: openModelShelf(() => parts, { kept: keptModels(config) }),
			curves: openCurves(),
			spans: opened.spans,
			payments,
			deferReceipts: config.receipts === "deferred",
			turns,
			heavy: createHeavy(),
			log,
			closing: closing.signal,
		};
		const recovered = await recover(parts, chain, keptModels(config));
		opened.channels = payments.watch();
		opened.followed = await followModels(parts);
		opened.settlement = followSettlement(parts);
		opened.offers = followOffers(parts);
		return run(
			parts,
			config,
			{ ...opened, closing },
			{ recovered, openSeconds: Math.round(performance.now() - begun) / 1000 },
		);
	} catch (error) {
		await shut(opened);
		throw error;
	}
}

type Opened = {
	lock?: HomeLock;
	database?: OpenedDatabase;
	chain?: LocalChain;
	machine?: Machine;
	native?: NativeUse;
	spans?: SpanShelf;
	records?: RecordStore;
	channels?: { stop(): Promise<void> };
	followed?: FollowedModels;
	settlement?: FollowedSettlement;
	offers?: FollowedOffers;
};

const MODELS_KEPT = 8;
const MB = 1_000_000;

const keptModels = ({ serving }: NodeConfig): number => serving?.modelsInMemory ?? MODELS_KEPT;

/** A base alone has nobody to share with, so a paying node serves it only beneath its models. */
function backendOptions({ batch, cacheMb, kvMb, perTenant, waiting }: ServingConfig = {}) {
	const sizes = {
		...(batch !== undefined && { sequences: batch }),
		...(kvMb !== undefined && { cacheBytes: kvMb * MB }),
	};
	const limits = { ...(waiting !== undefined && { waiting }), ...(perTenant !== undefined && { perTenant }) };
	const adapters = cacheMb === undefined ? {} : { adapterBytes: cacheMb * MB };
	return { owner: "openledger", serveBase: false, batch: sizes, limits, ...adapters };
}

async function recover(parts: NodeParts, chain: LocalChain, kept: number): Promise<string[]> {
	const said: string[] = [];
	if (chain.recovery.replayed > 0) said.push(`${chain.recovery.replayed} transactions put back on chain`);
	const published = await parts.db
		.select()
		.from(models)
		.where(eq(models.status, "published"))
		.orderBy(asc(models.publishedAt));
	for (const [at, { id, servedName }] of published.entries()) {
		try {
			// The youngest are read whole; the others when somebody asks for them, and before they pay.
			const isYoung = at >= published.length - kept;
			await (isYoung ? parts.shelf.serve(id) : parts.shelf.list(id));
		} catch (error) {
			// A damaged model must not keep the others from being served; verifying a receipt of it says what is wrong.
			parts.log(`model ${servedName} is not served: ${errorText(error)}`);
		}
	}
	const contributions = await resumeContributions(parts);
	if (contributions > 0) said.push(`${contributions} contributions brought to an end`);
	const erasures = await finishErasures(parts);
	if (erasures > 0) said.push(`${erasures} erasures brought to an end`);
	const { answered, released } = await completePending(parts);
	if (answered > 0) said.push(`${answered} paid requests answered`);
	if (released > 0) said.push(`${released} payments that never moved forgotten`);
	return said;
}

function run(
	parts: NodeParts,
	config: NodeConfig,
	opened: Opened & { readonly closing: AbortController },
	told: Pick<OpenNode, "recovered" | "openSeconds">,
): OpenNode {
	let served: Promise<Served> | undefined;
	let closed: Promise<void> | undefined;
	void opened.chain?.failed.then((error) => parts.log(errorText(error)));
	const trouble = (what: string) => (error: unknown) => {
		if (!opened.closing.signal.aborted) parts.log(`${what}: ${errorText(error)}`);
	};
	const background = unfinishedTrainings(parts)
		.then(async (jobs) => {
			for (const job of jobs) await runTraining(parts, job).catch(trouble(`training ${job} failed`));
		})
		.catch(trouble("unfinished trainings could not be read; start the node again"))
		.then(async () => {
			for (const audit of await unfinishedAudits(parts))
				await runAudit(parts, audit).catch(trouble(`audit ${audit} failed`));
		})
		.catch(trouble("unfinished audits could not be read; start the node again"))
		.then(async () => {
			for (const replay of await unfinishedReplays(parts))
				await runReplay(parts, replay).catch(trouble(`replay ${replay} failed`));
		})
		.catch(trouble("unfinished replays could not be read; start the node again"));
	return {
		parts,
		failed: opened.chain?.failed ?? new Promise(() => {}),
		...told,
		async serve() {
			served ??= serve(parts, config.port, config.serving, config.webFolder);
			return { url: (await served).url };
		},
		close() {
			closed ??= (async () => {
				opened.closing.abort();
				await (await served?.catch(() => undefined))?.close();
				await opened.followed?.stop();
				await opened.settlement?.stop();
				await opened.offers?.stop();
				await receiptsIdle(parts);
				await background;
				await parts.turns("audit", async () => {});
				await parts.turns("training", async () => {});
				await parts.turns("replay", async () => {});
				// Answers that were not made in time end here; what they give back or charge is written before the database goes.
				await parts.backend.close();
				await parts.turns.idle("answer ");
				await receiptsIdle(parts);
				parts.shelf.close();
				await shut(opened);
			})();
			return closed;
		},
	};
}

async function shut({
	lock,
	database,
	chain,
	channels,
	followed,
	settlement,
	offers,
	machine,
	native,
	spans,
	records,
}: Opened): Promise<void> {
	try {
		// They read the database, so they end before it.
		await channels?.stop();
		await followed?.stop();
		await settlement?.stop();
		await offers?.stop();
		await spans?.close();
		records?.close();
		machine?.close();
		await native?.close();
		await database?.close();
		await chain?.stop();
	} finally {
		lock?.release();
	}
}
