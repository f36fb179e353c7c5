// Rows that a wallet elsewhere is to offer: the node keeps them sealed, and says what the wallet has to sign. They are no contribution
// until the chain has the offer. It must not know any key of that wallet.

import { contributionCost, readContribution as readOnChain } from "@openledger/chain";
import { type Address, CallerError, contributionCommitment, type Hex } from "@openledger/protocol";
import { and, count, eq, ne, sql } from "drizzle-orm";
import { contributionDrafts, contributions, datanets } from "../database/schema.js";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { finishDatanet } from "./createDatanet.js";
import { type Examination, shownExamination } from "./examineFile.js";
import { judgeDelivery, prepareOffer } from "./keepContribution.js";
import { type DeliveredFile, readDelivery, refuseNone } from "./readDelivery.js";
import { sealedValues } from "./sealedRows.js";

/** More are contributed in several deliveries: a wallet's rows wait in the database until it signs. */
export const MAX_DRAFT_ROWS = 20_000;
const MAX_DRAFTS = 64;
const KEPT_SECONDS = 24 * 3600;

export type DraftFile = DeliveredFile & { readonly datanetId: Hex; readonly contributor: Address };

/** All that the wallet signs: `commitContribution(datanetId, commitment)`, in a later block `contribute(datanetId, rowsRoot, rowCount, salt)`. */
export type Draft = {
	readonly contributionId: Hex;
	readonly datanetId: Hex;
	readonly contributor: Address;
	readonly rowsRoot: Hex;
	readonly rowCount: number;
	/** Secret until it is shown on chain: whoever knows it can tell what was committed to. */
	readonly salt: Hex;
	readonly commitment: Hex;
	/** OPEN that `contribute` takes: stake, and under the committee's rule the jurors' fees. */
	readonly costWei: bigint;
	readonly stakeWei: bigint;
	readonly expiresAt: number;
	/** draft: not on chain yet, as far as the node has seen. */
	readonly status: "draft" | "offered";
};

/**
 * Keeps rows for a wallet that will offer them; the same rows of the same wallet are the same draft, which lives on. Durable before it
 * returns. Throws `datanet/no-rows`, `datanet/nothing-new`, `datanet/too-many-rows`, `datanet/too-many-drafts`.
 */
export async function draftContribution(
	parts: NodeParts,
	file: DraftFile,
): Promise<Draft & { readonly examination: Examination }> {
	const { datanetId, contributor } = file;
	const delivered = readDelivery(file);
	refuseNone(delivered);
	if (delivered.rows.length > MAX_DRAFT_ROWS) {
		throw new CallerError(`the file holds more than ${MAX_DRAFT_ROWS} rows; split it into smaller files`, {
			code: "datanet/too-many-rows",
		});
	}
	return await parts.turns(`datanet ${datanetId}`, async () => {
		await finishDatanet(parts, datanetId);
		const offer = prepareOffer(parts, { datanetId, contributor, ...delivered });
		const taken = await judgeDelivery(parts, offer);
		const { id, rowsRoot, commitments, rejected } = offer;
		const examination = shownExamination(delivered, taken);
		const [known] = await parts.db.select().from(contributions).where(eq(contributions.id, id));
		if (known === undefined && taken.accepted.length === 0) {
			throw new CallerError("no row of the file would be taken; look at each row's verdict", {
				code: "datanet/nothing-new",
			});
		}
		const expiresAt = seconds() + KEPT_SECONDS;
		if (known === undefined) {
			await refuseTooMany(parts, id);
			const rows = offer.rows.map(({ line, record, ...row }) => {
				return { line, record, sealed: sealedValues(parts, record, row).sealed };
			});
			const kept = { id, datanetId, contributor, rowsRoot, commitments, delivery: { rows, rejected }, expiresAt };
			await parts.db
				.insert(contributionDrafts)
				.values(kept)
				.onConflictDoUpdate({ target: contributionDrafts.id, set: { expiresAt } });
		}
		const rowCount = commitments.length;
		const status = known === undefined ? ("draft" as const) : ("offered" as const);
		const shown = await showDraft(parts, { id, datanetId, contributor, rowsRoot, rowCount, expiresAt, status });
		return { ...shown, examination };
	});
}

/** What is left to sign of a draft that was made before; throws `draft/not-found`. */
export async function readDraft(parts: NodeParts, id: Hex): Promise<Draft> {
	const [draft] = await parts.db.select().from(contributionDrafts).where(eq(contributionDrafts.id, id));
	if (draft === undefined) throw notFound("draft", id, "it was contributed, or waited too long; drop the file again");
	return await showDraft(parts, { ...draft, rowCount: draft.commitments.length, status: "draft" });
}

/** Drafts of a wallet that the chain has no offer of, without their salts. */
export async function listDrafts(parts: NodeParts, datanetId: Hex, contributor: Address) {
	const { id, commitments, delivery, expiresAt } = contributionDrafts;
	// Counted there: the rows of all drafts would be read for two numbers.
	return await parts.db
		.select({
			contributionId: id,
			rowCount: sql<number>`json_array_length(${commitments})::int`,
			rejected: sql<number>`json_array_length(${delivery}->'rejected')::int`,
			expiresAt,
		})
		.from(contributionDrafts)
		.where(and(eq(contributionDrafts.datanetId, datanetId), eq(contributionDrafts.contributor, contributor)));
}

type Known = Pick<Draft, "datanetId" | "contributor" | "rowsRoot" | "rowCount" | "expiresAt" | "status"> & {
	readonly id: Hex;
};

async function showDraft(parts: NodeParts, known: Known): Promise<Draft> {
	const { id, datanetId, contributor, rowsRoot, rowCount, expiresAt, status } = known;
	const { ledger, keys, db } = parts;
	const salt = keys.secret("contribution-salt", id);
	const [datanet] = await db.select().from(datanets).where(eq(datanets.id, datanetId));
	const isOffered = status === "offered" || (await readOnChain(ledger, id)) !== undefined;
	return {
		contributionId: id,
		...{ datanetId, contributor, rowsRoot, rowCount, salt, expiresAt },
		commitment: contributionCommitment({ datanetId, contributor, rowsRoot, rowCount, salt }),
		costWei: await contributionCost(ledger, datanetId, rowCount),
		stakeWei: BigInt(rowCount) * datanet!.stakePerRowWei,
		status: isOffered ? "offered" : "draft",
	};
}

/** What nobody signs must not fill the disk. */
async function refuseTooMany({ db }: NodeParts, id: Hex): Promise<void> {
	const [found] = await db.select({ n: count() }).from(contributionDrafts).where(ne(contributionDrafts.id, id));
	if (found!.n < MAX_DRAFTS) return;
	throw new CallerError(
		`${MAX_DRAFTS} drafts wait for a signature already; sign one of them, or wait until they expire`,
		{
			code: "datanet/too-many-drafts",
		},
	);
}

export const seconds = (): number => Math.floor(Date.now() / 1000);
