// Brings what the database knows of claims to what the chain tells: anybody may claim for anybody, and a reorganised chain may forget a
// claim until it is mined again. It must not send anything.

import { readEvents } from "@openledger/chain";
import type { Address } from "@openledger/protocol";
import { parted } from "../database/parted.js";
import { claims } from "../database/schema.js";
import type { NodeParts } from "../parts.js";

/** Reads all claims there are; call it where the table is to be right, not with every answer. */
export async function syncClaims({ db, ledger }: NodeParts): Promise<void> {
	const events = await readEvents(ledger, { contracts: ["attributionRewards"] });
	const found = events
		.filter(({ name }) => name === "Claimed")
		.map(({ args }) => ({
			account: (args.account as Address).toLowerCase() as Address,
			cumulativeWei: args.cumulativeWei as bigint,
		}));
	await db.transaction(async (tx) => {
		await tx.delete(claims);
		for (const part of parted(found)) await tx.insert(claims).values(part).onConflictDoNothing();
	});
}
