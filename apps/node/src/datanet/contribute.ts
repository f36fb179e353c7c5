// A contribution: rows are checked and written down first, then offered and decided on chain. What was written down is
// brought to its end after any crash. It must not know what models learn from the rows.

import {
	acceptContribution,
	contributionCost,
	fundOpen,
	contributeRows as offerOnChain,
	rejectContribution,
} from "@openledger/chain";
import type { FileRow, RejectedRow } from "@openledger/datanet";
import type { Hex } from "@openledger/protocol";
import { asc, eq, inArray } from "drizzle-orm";
import { contributions, datanets } from "../database/schema.js";
import { errorText, notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { finishDatanet } from "./createDatanet.js";
import { keepOffer, prepareOffer } from "./keepContribution.js";
import { listRejected } from "./readDatanets.js";
import { type DeliveredFile, readDelivery, refuseNone } from "./readDelivery.js";
import { type IntakeRecord, readIntake } from "./takeIn.js";
import { contributorWallet } from "./wallet.js";

export type ContributeRows = {
	readonly datanetId: Hex;
	readonly contributor: string;
	readonly rows: readonly FileRow[];
	/** Lines of the same file that were no rows. */
	readonly rejected: readonly RejectedRow[];
};

export type Contributed = {
	readonly id: Hex;
	readonly contributor: string;
	readonly offeredRows: number;
	readonly acceptedRows: number;
	/** pending: revealed on chain, and a committee or the time for challenges decides. */
	readonly status: "accepted" | "rejected" | "pending";
	readonly rejected: readonly RejectedRow[];
	/** What the checks said, signed; absent for what was contributed before there were any. */
	readonly intake?: IntakeRecord;
};

export type ContributeFile = DeliveredFile & { readonly datanetId: Hex; readonly contributor: string };

/** Reads a file of one contributor's rows and contributes it. Rows that name somebody else are rejected. */
export async function contributeFile(parts: NodeParts, file: ContributeFile): Promise<Contributed> {
	const { datanetId, contributor } = file;
	return await contributeRows(parts, { datanetId, contributor, ...readDelivery(file) });
}

/** Contributes rows once: the same rows of the same person are the same contribution. Throws `datanet/no-rows`. */
export async function contributeRows(parts: NodeParts, wanted: ContributeRows): Promise<Contributed> {
	refuseNone(wanted);
	await contributorWallet(parts, wanted.contributor);
	return await parts.turns(`datanet ${wanted.datanetId}`, async () => {
		await finishDatanet(parts, wanted.datanetId);
		const { contributor: contributorName, ...delivery } = wanted;
		const contributor = parts.keys.address("contributor", contributorName);
		const offer = prepareOffer(parts, { ...delivery, contributor });
		await keepOffer(parts, offer, { contributorName, status: "stored" });
		await finishContribution(parts, offer.id);
		return await readContribution(parts, offer.id);
	});
}

/** Brings every contribution that a crash left open to its end; returns how many were. One that cannot be waits for the next start. */
export async function resumeContributions(parts: NodeParts): Promise<number> {
	const open = await parts.db
		.select()
		.from(contributions)
		.where(inArray(contributions.status, ["stored", "offered"]))
		.orderBy(asc(contributions.datanetId), asc(contributions.sequence));
	let finished = 0;
	for (const { id, datanetId, contributorName, status } of open) {
		try {
			// What is offered already wants nothing more of the contributor's wallet, which may be one that the node has no key of.
			if (status === "stored") await contributorWallet(parts, contributorName);
			await finishDatanet(parts, datanetId);
			await finishContribution(parts, id);
			finished++;
		} catch (error) {
			// One person's contribution must not keep the node from everybody else.
			parts.log(`contribution ${id} stays open: ${errorText(error)}`);
		}
	}
	return finished;
}

/** Commits, reveals and, where the owner decides, decides on chain; each verb looks first whether it is done. */
export async function finishContribution(parts: NodeParts, id: Hex): Promise<void> {
	const { db, keys, ledger } = parts;
	const [open] = await db.select().from(contributions).where(eq(contributions.id, id));
	if (open === undefined || open.status === "accepted" || open.status === "rejected") return;
	const { datanetId, contributorName, acceptedRows, rowsRoot: root, offeredRows: rowCount } = open;
	const [datanet] = await db.select().from(datanets).where(eq(datanets.id, datanetId));
	if (open.status === "stored" && acceptedRows === 0 && datanet!.rule !== "owner") {
		// Nobody else is asked to judge what this node would not keep.
		await db.update(contributions).set({ status: "rejected", final: true }).where(eq(contributions.id, id));
		return;
	}
	if (open.status === "stored") {
		const wallet = keys.account("contributor", contributorName);
		const atLeastWei = await contributionCost(ledger, datanetId, rowCount);
		await fundOpen(ledger, keys.account("treasury"), { to: wallet.address, atLeastWei });
		// The salt follows from the node's seed: it is the same again after a crash between commitment and reveal.
		const salt = keys.secret("contribution-salt", id);
		await offerOnChain(ledger, wallet, { datanetId, rowsRoot: root, rowCount, salt });
		await db.update(contributions).set({ status: "offered" }).where(eq(contributions.id, id));
	}
	if (datanet!.rule !== "owner") return;
	const owner = keys.account("owner");
	if (acceptedRows > 0) await acceptContribution(ledger, owner, { contributionId: id, acceptedRows });
	else await rejectContribution(ledger, owner, { contributionId: id, reasonCode: NOTHING_NEW });
	const status = acceptedRows > 0 ? "accepted" : "rejected";
	await db.update(contributions).set({ status }).where(eq(contributions.id, id));
}

/** Reason on chain for a contribution of which no row was new. */
const NOTHING_NEW = 1;

/** A contribution as it stands here; throws `contribution/not-found`. */
export async function readContribution(parts: NodeParts, id: Hex): Promise<Contributed> {
	const [found] = await parts.db.select().from(contributions).where(eq(contributions.id, id));
	if (found === undefined) throw notFound("contribution", id, "see the list of the datanet's contributions");
	const { contributorName: contributor, offeredRows, acceptedRows, status: known } = found;
	const status = known === "accepted" || known === "rejected" ? known : "pending";
	const intake = readIntake(parts, id);
	const rejected = await listRejected(parts, id);
	return { id, contributor, offeredRows, acceptedRows, status, rejected, ...(intake && { intake }) };
}
