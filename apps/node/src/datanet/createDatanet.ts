// Makes a datanet here and on chain. It must not know its rows.

import { createDatanet as createOnChain, datanetIdOf } from "@openledger/chain";
import { CallerError, type Hex, sha256, utf8 } from "@openledger/protocol";
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
};

const DEFAULT_TERMS =
	"Rows are used to train models of this datanet; contributors earn by what their rows contribute to paid answers.";

/** Creates the datanet, or finds it; throws `datanet/differs` if one of that name has another licence or other terms. */
export async function createDatanet(parts: NodeParts, wanted: CreateDatanet): Promise<{ readonly id: Hex }> {
	const { name, licence = "CC0-1.0", terms = DEFAULT_TERMS } = wanted;
	if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) {
		throw new CallerError(`${JSON.stringify(name)} is no datanet name; use 1 to 40 of a-z, 0-9 and hyphen`, {
			code: "datanet/bad-name",
		});
	}
	if (utf8(licence).length < 1 || utf8(licence).length > 64) {
		throw new CallerError("the licence must have 1 to 64 bytes, for instance CC0-1.0", { code: "datanet/bad-licence" });
	}
	const { db, keys, turns } = parts;
	const id = datanetIdOf(keys.account("owner").address, name);
	const termsHash = sha256(utf8(terms));
	return turns(`datanet ${id}`, async () => {
		await db.insert(datanets).values({ id, name, termsHash, licence, status: "stored" }).onConflictDoNothing();
		const [stored] = await db.select().from(datanets).where(eq(datanets.id, id));
		if (stored!.termsHash !== termsHash || stored!.licence !== licence) {
			throw new CallerError(`datanet ${name} has licence ${stored!.licence} and its own terms; choose another name`, {
				code: "datanet/differs",
			});
		}
		await finishDatanet(parts, id);
		return { id };
	});
}

/** Makes a stored datanet on chain too, where a crash kept it from there; call in the datanet's turn. */
export async function finishDatanet({ db, keys, ledger }: NodeParts, id: Hex): Promise<void> {
	const [stored] = await db.select().from(datanets).where(eq(datanets.id, id));
	if (stored === undefined || stored.status === "created") return;
	const { name, termsHash, licence } = stored;
	await createOnChain(ledger, keys.account("owner"), { name, termsHash, licence });
	await db.update(datanets).set({ status: "created" }).where(eq(datanets.id, id));
}
