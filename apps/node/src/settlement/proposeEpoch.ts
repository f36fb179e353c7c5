// Proposes the root of an epoch whose data is kept, with the certificate by which anybody finds it. It must not know how the earnings arose.

import { proposeRoot } from "@openledger/chain";
import { TransientError } from "@openledger/protocol";
import { epochClaim } from "@openledger/rollup";
import { eq } from "drizzle-orm";
import { epochs } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { readEpochBlob } from "./epochData.js";

/** Sends nothing where the root is on chain. Throws `settlement/data-changed` where the database is no longer what its data says. */
export async function proposeEpoch(parts: NodeParts, epoch: number): Promise<void> {
	const { db, keys, ledger } = parts;
	const here = eq(epochs.epoch, epoch);
	const [stored] = await db.select().from(epochs).where(here);
	const { claim } = epochClaim(await readEpochBlob(parts, epoch));
	if (claim.dataRoot !== stored!.dataRoot) {
		await db.update(epochs).set({ status: "collecting" }).where(here);
		const message = `what epoch ${epoch} consists of is not what its data says any more; settle again, it is summed anew`;
		throw new TransientError(message, { code: "settlement/data-changed" });
	}
	const dataCertificate = stored!.certificate!;
	const { proposal } = await proposeRoot(ledger, keys.account("settler"), { claim, dataCertificate });
	await db.update(epochs).set({ status: "proposed", challengeEnds: proposal.challengeEnds }).where(here);
}
