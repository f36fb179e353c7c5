// An epoch recomputed from the data layer alone and held against the chain: its roots, its receipts, its earnings. The node's own database
// is not asked, so what it says of itself cannot hide anything. Reads only.

import { type LedgerEvent, readEvents, readModel } from "@openledger/chain";
import { CallerError, dataTree, type Hex, OpenLedgerError, receiptId } from "@openledger/protocol";
import { checkEpoch, claimOf, decodeEpochBlob, type EpochBlob, type EpochFault, getBlob } from "@openledger/rollup";
import { notFound } from "../errors.js";
import { readPool, type StandingRoot, standingRoots } from "../ledger/rebuildLedger.js";
import { isErased, readTombstones } from "../ledger/tombstones.js";
import type { NodeParts } from "../parts.js";

/** Earlier epochs that are read, to see that no receipt is paid twice. */
const MOST_EARLIER = 200;

export type ComparedField = {
	readonly field: string;
	readonly onChain: string;
	readonly recomputed: string;
	readonly equal: boolean;
};
export type EpochCheck = {
	readonly epoch: number;
	readonly bytes: number;
	readonly fields: readonly ComparedField[];
	/** How many signatures, shares and scores were looked at. */
	readonly receipts: number;
	readonly accounts: number;
	/** Of earlier epochs: whose receipts this one's were compared with. */
	readonly earlier: number;
	readonly faults: readonly EpochFault[];
	readonly seconds: number;
};

/** Whether an epoch's data can be had from the data layer, and is what its certificate and the chain's root say. */
export type EpochData = {
	readonly found: boolean;
	readonly bytes: number;
	readonly root?: Hex;
	/** Undefined where no root stands on chain. */
	readonly equal?: boolean;
	readonly problem?: string;
};

/** Throws `epoch/not-found` where no root of it stands on chain. */
export async function readEpochData(parts: NodeParts, epoch: number): Promise<EpochData> {
	const [root] = (await roots(parts)).standing.filter(({ proposal }) => proposal.claim.epoch === BigInt(epoch));
	if (root === undefined) throw noRoot(epoch);
	try {
		const bytes = await getBlob(parts.data, root.certificate);
		const found = dataTree(bytes).root;
		return { found: true, bytes: bytes.length, root: found, equal: found === root.proposal.claim.dataRoot };
	} catch (error) {
		if (!(error instanceof OpenLedgerError)) throw error;
		return { found: false, bytes: 0, problem: error.message };
	}
}

/** Checks under way by their node: whoever asks for the same epoch meanwhile gets the same answer. */
const underWay = new WeakMap<NodeParts, Map<number, Promise<EpochCheck>>>();

/** One check at a time: it reads every signature. Throws `epoch/not-found`, `epoch/data-missing`. */
export async function checkEpochData(parts: NodeParts, epoch: number): Promise<EpochCheck> {
	const checks = underWay.get(parts) ?? new Map<number, Promise<EpochCheck>>();
	underWay.set(parts, checks);
	const check = checks.get(epoch) ?? recompute(parts, epoch).finally(() => checks.delete(epoch));
	checks.set(epoch, check);
	return await check;
}

async function recompute(parts: NodeParts, epoch: number): Promise<EpochCheck> {
	return await parts.turns("check-epoch", async () => {
		const begun = performance.now();
		const { events, standing } = await roots(parts);
		const at = standing.findIndex(({ proposal }) => proposal.claim.epoch === BigInt(epoch));
		const root = standing[at];
		if (root === undefined) throw noRoot(epoch);
		const { bytes, blob } = await blobOf(parts, root);
		const before = standing.slice(Math.max(0, at - MOST_EARLIER), at);
		const settled = new Set<Hex>();
		let previous: EpochBlob | undefined;
		for (const earlier of before) {
			previous = (await blobOf(parts, earlier)).blob;
			for (const { receipt } of previous.receipts) settled.add(receiptId(receipt));
		}
		const { claim } = root.proposal;
		const faults = await faultsOf(parts, { events, bytes, blob, claim, previous, settled });
		return {
			...{ epoch, bytes: bytes.length, fields: compared(claim, claimOf(blob, bytes)), faults },
			...{ receipts: blob.receipts.length, accounts: blob.earnings.length, earlier: before.length },
			seconds: Math.round(performance.now() - begun) / 1000,
		};
	});
}

type Found = {
	readonly events: readonly LedgerEvent[];
	readonly bytes: Uint8Array;
	readonly blob: EpochBlob;
	readonly claim: StandingRoot["proposal"]["claim"];
	readonly previous: EpochBlob | undefined;
	readonly settled: ReadonlySet<Hex>;
};

async function faultsOf({ ledger }: NodeParts, { events, bytes, blob, claim, previous, settled }: Found) {
	const { client, addresses } = ledger;
	const tombstones = await readTombstones(ledger, events);
	const ids = [...new Set(blob.receipts.map(({ receipt }) => receipt.modelId))];
	const models = new Map(await Promise.all(ids.map(async (id) => [id, await readModel(ledger, id)] as const)));
	return await checkEpoch(blob, bytes, claim, {
		chainId: BigInt(client.chainId),
		rewards: addresses.attributionRewards.toLowerCase() as Hex,
		vault: addresses.feeVault.toLowerCase() as Hex,
		...{ pool: await readPool(ledger), settled, before: previous?.earnings ?? [] },
		modelOf: (id) => models.get(id),
		isErased: (commitment) => isErased(tombstones, commitment, previous?.closedAt),
	});
}

async function roots({ ledger }: NodeParts) {
	const events = await readEvents(ledger, { contracts: ["attributionRewards", "datanetRegistry"] });
	return { events, standing: standingRoots(events) };
}

async function blobOf(parts: NodeParts, { proposal, certificate }: StandingRoot) {
	try {
		const bytes = await getBlob(parts.data, certificate);
		return { bytes, blob: decodeEpochBlob(bytes) };
	} catch (cause) {
		if (!(cause instanceof OpenLedgerError)) throw cause;
		const message = `the data of epoch ${proposal.claim.epoch} cannot be read: ${cause.message}`;
		throw new CallerError(message, { code: "epoch/data-missing", cause });
	}
}

function compared<claim extends object>(onChain: claim, own: claim): ComparedField[] {
	return Object.entries(own).map(([field, value]) => {
		const said = String(onChain[field as keyof claim]);
		return { field, onChain: said, recomputed: String(value), equal: said === String(value) };
	});
}

const noRoot = (epoch: number) => notFound("epoch", String(epoch), "no root of it stands on chain");
