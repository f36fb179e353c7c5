// Makes a datanet here and on chain. It must not know its rows.

import { type CurationRule, createDatanet as createOnChain, datanetIdOf } from "@openledger/chain";
import { createPipeline } from "@openledger/datanet";
import { CallerError, canonicalJson, type Hex, sha256, utf8 } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { datanets } from "../database/schema.js";
import type { NodeParts } from "../parts.js";

export type CreateDatanet = {
	/** 1 to 40 of a-z, 0-9 and hyphen. */
	readonly name: string;
	/** 1 to 64 bytes, for instance an SPDX id. */
	readonly licence?: string;
	/** The text contributors agree to; only its digest goes on chain. */
	readonly terms?: string;
	/** 1 to 64 bytes; by default application/jsonl. */
	readonly contentType?: string;
	/** JSON schema that each row must satisfy; only its digest goes on chain. */
	readonly rowSchema?: unknown;
	/** What a contributor puts down for each row; at most 1,000 OPEN, by default nothing. */
	readonly stakePerRowWei?: bigint;
	/** What a training job pays for each row; at most 1,000 OPEN, by default nothing. */
	readonly accessPriceWei?: bigint;
	/** Who decides on contributions; by default the owner. */
	readonly rule?: CurationRule;
};

const MOST_PER_ROW_WEI = 1000n * 10n ** 18n;

const DEFAULT_TERMS =
	"Rows are used to train models of this datanet; contributors earn by what their rows contribute to paid answers.";

/** Creates the datanet, or finds it; throws `datanet/differs` if one of that name has another licence or other terms. */
export async function createDatanet(parts: NodeParts, wanted: CreateDatanet): Promise<{ readonly id: Hex }> {
	const { name, licence = "CC0-1.0", terms: termsSaid = DEFAULT_TERMS } = wanted;
	if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) {
		throw new CallerError(`${JSON.stringify(name)} is no datanet name; use 1 to 40 of a-z, 0-9 and hyphen`, {
			code: "datanet/bad-name",
		});
	}
	if (utf8(licence).length < 1 || utf8(licence).length > 64) {
		throw new CallerError("the licence must have 1 to 64 bytes, for instance CC0-1.0", { code: "datanet/bad-licence" });
	}
	const {
		contentType = "application/jsonl",
		rowSchema,
		stakePerRowWei = 0n,
		accessPriceWei = 0n,
		rule = "owner",
	} = wanted;
	if (utf8(contentType).length < 1 || utf8(contentType).length > 64) {
		throw new CallerError("the content type must have 1 to 64 bytes, for instance application/jsonl", {
			code: "datanet/bad-content-type",
		});
	}
	for (const amount of [stakePerRowWei, accessPriceWei]) {
		if (amount >= 0n && amount <= MOST_PER_ROW_WEI) continue;
		throw new CallerError("stake and access price of a row must be 0 to 1000 OPEN", { code: "datanet/bad-amount" });
	}
	// A schema that cannot be used is refused now, not with the first row.
	if (rowSchema !== undefined) await createPipeline({ schema: rowSchema as Record<string, unknown> });
	const { db, keys, turns } = parts;
	const id = datanetIdOf(keys.account("owner").address, name);
	const termsHash = sha256(utf8(termsSaid));
	return turns(`datanet ${id}`, async () => {
		const terms = { contentType, rowSchema: rowSchema ?? null, stakePerRowWei, accessPriceWei, rule };
		const asked = { id, name, termsHash, licence, ...terms, terms: termsSaid };
		await db
			.insert(datanets)
			.values({ ...asked, status: "stored" })
			.onConflictDoNothing();
		const [stored] = await db.select().from(datanets).where(eq(datanets.id, id));
		if (termsText(stored!) !== termsText(asked)) {
			throw new CallerError(`datanet ${name} has licence ${stored!.licence} and its own terms; choose another name`, {
				code: "datanet/differs",
			});
		}
		await finishDatanet(parts, id);
		return { id };
	});
}

type Terms = Omit<typeof datanets.$inferSelect, "status">;

/** All that must be the same in two datanets of one name. */
function termsText({
	termsHash,
	licence,
	contentType,
	rowSchema,
	stakePerRowWei,
	accessPriceWei,
	rule,
}: Terms): string {
	const amounts = [stakePerRowWei, accessPriceWei].map(String);
	return canonicalJson([termsHash, licence, contentType, rowSchema ?? null, ...amounts, rule]);
}

/** Makes a stored datanet on chain too, where a crash kept it from there; call in the datanet's turn. */
export async function finishDatanet({ db, keys, ledger }: NodeParts, id: Hex): Promise<void> {
	const [stored] = await db.select().from(datanets).where(eq(datanets.id, id));
	if (stored === undefined || stored.status === "created") return;
	const { name, termsHash, licence, contentType, rowSchema, stakePerRowWei, accessPriceWei, rule } = stored;
	const schemaHash = rowSchema === null ? undefined : sha256(utf8(canonicalJson(rowSchema)));
	const terms = { contentType, ...(schemaHash && { schemaHash }), stakePerRowWei, accessPriceWei, rule };
	await createOnChain(ledger, keys.account("owner"), { name, termsHash, licence, ...terms });
	await db.update(datanets).set({ status: "created" }).where(eq(datanets.id, id));
}
