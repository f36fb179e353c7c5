// The whole ledger from a chain and a data layer alone: no database, no node. Every epoch is checked on the way, against everything that
// the chain and the epochs before it say. It must not read a home.

import { type Ledger, type LedgerEvent, readContribution, readDatanet, readEvents, readModel } from "@openledger/chain";
import {
	type Address,
	CallerError,
	dataTree,
	type Earning,
	type Hex,
	type RootProposal,
	receiptId,
} from "@openledger/protocol";
import {
	checkEpoch,
	type DataLayer,
	decodeEpochBlob,
	type EpochBlob,
	type EpochFault,
	getBlob,
} from "@openledger/rollup";
import { buildState, type LedgerState, type StateBuilder, stateHash } from "./ledgerState.js";
import { isErased, readTombstones, type Tombstones } from "./tombstones.js";

export type RebuildLedger = {
	/** Needs no journal: nothing is sent. */
	readonly ledger: Ledger;
	readonly data: DataLayer;
	/** The block up to which the chain is read; the latest by default. */
	readonly toBlock?: bigint;
	readonly onProgress?: (progress: { readonly what: string; readonly done: number; readonly total: number }) => void;
};

export type EpochFound = {
	readonly epoch: number;
	readonly status: "proposed" | "active";
	readonly receipts: number;
	readonly accounts: number;
	readonly bytes: number;
	readonly faults: readonly EpochFault[];
};

export type RebuiltLedger = {
	readonly state: LedgerState;
	readonly hash: Hex;
	readonly block: bigint;
	readonly epochs: readonly EpochFound[];
};

/** A root that stands on chain: the latest of its epoch that did not fall. */
export type StandingRoot = {
	readonly proposal: RootProposal;
	readonly certificate: Hex;
	readonly status: "proposed" | "active";
};

/**
 * Throws `ledger/data-differs` where the data layer gives other bytes than were committed, `ledger/wrong-contracts` where no root and no
 * datanet is found, and the layers' own errors. Wrong epochs do not throw: their faults are in the result.
 */
export async function rebuildLedger(options: RebuildLedger): Promise<RebuiltLedger> {
	const { ledger, data, onProgress = () => {} } = options;
	const { publicClient } = ledger.client;
	const block = options.toBlock ?? (await publicClient.getBlockNumber());
	const events = await readEvents(ledger, { toBlock: block });
	const said = (name: string) => events.filter((event) => event.name === name);
	const state = buildState();
	const total = said("DatanetCreated").length + said("Contributed").length + said("ModelPublished").length;
	let done = 0;
	const tick = (what: string) => onProgress({ what, done: ++done, total });
	for (const { args } of said("DatanetCreated")) {
		const id = args.datanetId as Hex;
		state.datanet({ id, ...(await readDatanet(ledger, id))! });
		tick("datanets");
	}
	for (const { args } of said("Contributed")) {
		const id = args.contributionId as Hex;
		const found = (await readContribution(ledger, id))!;
		state.contribution({ id, ...found, offeredRows: found.rowCount });
		tick("contributions");
	}
	for (const { args } of said("SnapshotPublished")) {
		const { datanetId, version, root, rowCount } = args as never as Parameters<StateBuilder["snapshot"]>[0];
		state.snapshot({ datanetId, version, root, rowCount });
	}
	const models = new Map<Hex, NonNullable<Awaited<ReturnType<typeof readModel>>>>();
	for (const { args } of said("ModelPublished")) {
		const id = args.modelId as Hex;
		models.set(id, (await readModel(ledger, id))!);
		state.model(id, models.get(id)!);
		tick("models");
	}
	const roots = standingRoots(events);
	const tombstones = await readTombstones(ledger, events);
	const context = { modelOf: (id: Hex) => models.get(id), pool: await readPool(ledger), tombstones };
	const epochs: EpochFound[] = [];
	let walked: Walked = { before: [], settled: new Set(), closedAt: undefined };
	for (const root of roots) {
		const { blob, bytes, faults } = await readEpoch(ledger, data, root, walked, context);
		const { claim } = root.proposal;
		state.epoch(blob, {
			status: root.status,
			...{ receiptsRoot: claim.receiptsRoot, earningsRoot: claim.earningsRoot, totalWei: claim.totalCumulativeWei },
			...{ dataRoot: claim.dataRoot, dataChunks: claim.dataChunks, certificate: root.certificate },
		});
		const counts = { receipts: blob.receipts.length, accounts: blob.earnings.length, bytes: bytes.length };
		epochs.push({ epoch: Number(claim.epoch), status: root.status, ...counts, faults });
		for (const { receipt } of blob.receipts) walked.settled.add(receiptId(receipt));
		walked = { before: blob.earnings, settled: walked.settled, closedAt: blob.closedAt };
		onProgress({ what: "epochs", done: epochs.length, total: roots.length });
	}
	const claimed = new Map<Address, bigint>();
	for (const { args } of said("Claimed")) claimed.set(args.account as Address, args.cumulativeWei as bigint);
	for (const [account, wei] of claimed) state.claim(account, wei);
	const rebuilt = state.done();
	return { state: rebuilt, hash: stateHash(rebuilt), block, epochs };
}

type Walked = {
	readonly before: readonly Earning[];
	readonly settled: Set<Hex>;
	/** Of the epoch before. */
	readonly closedAt: bigint | undefined;
};
type Context = {
	readonly modelOf: (id: Hex) => Awaited<ReturnType<typeof readModel>>;
	readonly pool: Address;
	readonly tombstones: Tombstones;
};

/** Reads and checks one epoch. */
async function readEpoch(
	{ client, addresses }: Ledger,
	data: DataLayer,
	{ proposal: { claim }, certificate }: StandingRoot,
	{ before, settled, closedAt }: Walked,
	{ modelOf, pool, tombstones }: Context,
): Promise<{ readonly blob: EpochBlob; readonly bytes: Uint8Array; readonly faults: readonly EpochFault[] }> {
	const bytes = await getBlob(data, certificate);
	const { root } = dataTree(bytes);
	if (root !== claim.dataRoot) {
		const message = `the data layer gives bytes with root ${root} for epoch ${claim.epoch}, committed was ${claim.dataRoot}`;
		throw new CallerError(`${message}; ask another data layer`, { code: "ledger/data-differs" });
	}
	const blob = decodeEpochBlob(bytes);
	const faults = await checkEpoch(blob, bytes, claim, {
		chainId: BigInt(client.chainId),
		rewards: lower(addresses.attributionRewards),
		vault: lower(addresses.feeVault),
		...{ pool, before, settled, modelOf },
		isErased: (commitment) => isErased(tombstones, commitment, closedAt),
	});
	return { blob, bytes, faults };
}

/** Who gets what no row earned: the vault's treasury. */
export async function readPool(ledger: Ledger): Promise<Address> {
	const abi = [
		{ type: "function", name: "treasury", inputs: [], outputs: [{ type: "address" }], stateMutability: "view" },
	] as const;
	const address = ledger.addresses.feeVault;
	return lower(await ledger.client.publicClient.readContract({ address, abi, functionName: "treasury" }));
}

/** Roots that stand, by epoch: a root that falls takes all later pending ones with it. */
export function standingRoots(events: readonly LedgerEvent[]): StandingRoot[] {
	const standing = new Map<bigint, StandingRoot>();
	for (const { name, args } of events) {
		if (name === "RootProposed") {
			const { epoch, proposal, dataCertificate } = args as never as {
				readonly epoch: bigint;
				readonly proposal: RootProposal;
				readonly dataCertificate: Hex;
			};
			standing.set(epoch, { proposal, certificate: dataCertificate, status: "proposed" });
		} else if (name === "RootActivated") {
			const epoch = args.epoch as bigint;
			standing.set(epoch, { ...standing.get(epoch)!, status: "active" });
		} else if (name === "RootFallen") {
			for (const epoch of [...standing.keys()]) if (epoch >= (args.epoch as bigint)) standing.delete(epoch);
		}
	}
	return [...standing.values()].sort((a, b) => (a.proposal.claim.epoch < b.proposal.claim.epoch ? -1 : 1));
}

const lower = (account: Address) => account.toLowerCase() as Address;
