// Puts an epoch's data where anybody can read it, and writes down by what it is found there. Killed in between, it puts the same again.

import { CallerError, dataTree } from "@openledger/protocol";
import { encodeEpochBlob, getBlob, putBlob } from "@openledger/rollup";
import { eq } from "drizzle-orm";
import { epochs } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { readEpochBlob } from "./epochData.js";

/** Throws `settlement/data-differs` where the layer gives back other bytes than it was given, and the layer's own errors. */
export async function storeEpoch(parts: NodeParts, epoch: number): Promise<void> {
	const bytes = encodeEpochBlob(await readEpochBlob(parts, epoch));
	const { root } = dataTree(bytes);
	const certificate = await putBlob(parts.data, bytes);
	// A root over data that cannot be read would cost the bond.
	if (dataTree(await getBlob(parts.data, certificate)).root !== root) {
		const message = `the data layer gives back other bytes for epoch ${epoch} than it was given; use another one`;
		throw new CallerError(message, { code: "settlement/data-differs", details: { epoch } });
	}
	await parts.db.update(epochs).set({ certificate, status: "stored" }).where(eq(epochs.epoch, epoch));
}
