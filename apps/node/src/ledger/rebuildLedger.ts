// The whole ledger from a chain and a data layer alone: no database, no node. Every epoch is checked on the way, against everything that
// the chain and the epochs before it say. It must not read a home.

import { type Ledger, type LedgerEvent, readContribution, readDatanet, readEvents, readModel } from "@openledger/chain";
import {
	type Address,
	CallerError,
	dataTree,
	type Earning,
	type Hex,
	OpenLedgerError,
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
import { isErased, readTombstones } from "./tombstones.js";

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
 * Throws `ledger/data-missing` where an epoch's data cannot be had or is not what was committed, and the chain's own errors. Wrong epochs
 * do not throw: their faults are in the result.
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
		const decided = found.status === "pending" || found.status === "accepted" ? found.status : "rejected";
		state.contribution({ id, ...found, status: decided, offeredRows: found.rowCount });
		tick("contributions");
	}
	for (const { args } of said("SnapshotPublished")) {
		const { datanetId, version, root, rowCount } = args as never as Parameters<StateBuilder["snapshot"]>[0];
		state.snapshot({ datanetId, version, root, rowCount });
	}
	for (const { args } of said("ModelPublished")) {
		const id = args.modelId as Hex;
		state.model(id, (await readModel(ledger, id))!);
		tick("models");
	}
	const epochs: EpochFound[] = [];
	for await (const { root, blob, bytes, faults, problem } of checkRoots({ ledger, data, events })) {
		if (blob === undefined || bytes === undefined) throw problemOf(root, problem);
		const { claim } = root.proposal;
		state.epoch(blob, {
			status: root.status,
			...{ receiptsRoot: claim.receiptsRoot, earningsRoot: claim.earningsRoot, totalWei: claim.totalCumulativeWei },
			...{ dataRoot: claim.dataRoot, dataChunks: claim.dataChunks, certificate: root.certificate },
		});
		const counts = { receipts: blob.receipts.length, accounts: blob.earnings.length, bytes: bytes.length };
		epochs.push({ epoch: Number(claim.epoch), status: root.status, ...counts, faults });
		onProgress({ what: "epochs", done: epochs.length, total: Number(claim.epoch) });
	}
	const claimed = new Map<Address, bigint>();
	for (const { args } of said("Claimed")) claimed.set(args.account as Address, args.cumulativeWei as bigint);
	for (const [account, wei] of claimed) state.claim(account, wei);
	const rebuilt = state.done();
	return { state: rebuilt, hash: stateHash(rebuilt), block, epochs };
}

/** A root with what recomputing it found. */
export type CheckedRoot = {
	readonly root: StandingRoot;
	/** Undefined where its data cannot be had, or is not what was committed; then `problem` says why. */
	readonly blob?: EpochBlob;
	readonly bytes?: Uint8Array;
	readonly problem?: string;
	readonly faults: readonly EpochFault[];
	/** The epoch before. */
	readonly previous?: { readonly proposal: RootProposal; readonly earnings: readonly Earning[] };
};

export type CheckRoots = {
	readonly ledger: Ledger;
	readonly data: DataLayer;
	readonly events: readonly LedgerEvent[];
};

/** Recomputes all standing roots, the first epoch first. Ends after one whose data cannot be had: the next stands on it. */
export async function* checkRoots({ ledger, data, events }: CheckRoots): AsyncGenerator<CheckedRoot> {
	const { client, addresses } = ledger;
	const tombstones = await readTombstones(ledger, events);
	const pool = await readPool(ledger);
	const models = new Map<Hex, Awaited<ReturnType<typeof readModel>>>();
	const settled = new Set<Hex>();
	let previous: CheckedRoot["previous"];
	let closedAt: bigint | undefined;
	for (const root of standingRoots(events)) {
		const { proposal, certificate } = root;
		let bytes: Uint8Array;
		let blob: EpochBlob;
		try {
			bytes = await getBlob(data, certificate);
			const found = dataTree(bytes).root;
			if (found !== proposal.claim.dataRoot) throw dataDiffers(found, root);
			blob = decodeEpochBlob(bytes);
		} catch (error) {
			if (!(error instanceof OpenLedgerError)) throw error;
			yield { root, faults: [], problem: error.message, ...(previous && { previous }) };
			return;
		}
		for (const { receipt } of blob.receipts)
			if (!models.has(receipt.modelId)) models.set(receipt.modelId, await readModel(ledger, receipt.modelId));
		const cutoff = closedAt;
		const faults = await checkEpoch(blob, bytes, proposal.claim, {
			chainId: BigInt(client.chainId),
			rewards: lower(addresses.attributionRewards),
			vault: lower(addresses.feeVault),
			...{ pool, settled, before: previous?.earnings ?? [] },
			modelOf: (id) => models.get(id),
			isErased: (commitment) => isErased(tombstones, commitment, cutoff),
		});
		yield { root, blob, bytes, faults, ...(previous && { previous }) };
		for (const { receipt } of blob.receipts) settled.add(receiptId(receipt));
		previous = { proposal, earnings: blob.earnings };
		closedAt = blob.closedAt;
	}
}

function dataDiffers(found: Hex, { proposal: { claim } }: StandingRoot): CallerError {
	const message = `the data layer gives bytes with root ${found} for epoch ${claim.epoch}, committed was ${claim.dataRoot}`;
	return new CallerError(`${message}; ask another data layer`, { code: "ledger/data-differs" });
}

function problemOf({ proposal }: StandingRoot, problem = "its data cannot be had"): CallerError {
	const { epoch } = proposal.claim;
	return new CallerError(`epoch ${epoch} cannot be rebuilt: ${problem}`, {
		code: "ledger/data-missing",
		details: { epoch: `${epoch}` },
	});
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
