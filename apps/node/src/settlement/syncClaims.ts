// Brings what the database knows of claims to what the chain tells: anybody may claim for anybody, and a reorganised chain may forget a
// claim until it is mined again. It must not send anything.

import { attributionRewardsAbi, readEventsOf } from "@openledger/chain";
import type { Address } from "@openledger/protocol";
import { parted } from "../database/parted.js";
import { claims } from "../database/schema.js";
import type { NodeParts } from "../parts.js";

/** Reads all claims there are; call it where the table is to be right, not with every answer. */
export async function syncClaims({ db, ledger }: NodeParts): Promise<void> {
	const asked = { contract: "attributionRewards", abi: attributionRewardsAbi, name: "Claimed" } as const;
	const found = (await readEventsOf(ledger, asked)).map(({ args: { account, cumulativeWei } }) => ({
		account: account.toLowerCase() as Address,
		cumulativeWei,
	}));
	await db.transaction(async (tx) => {
		await tx.delete(claims);
		for (const part of parted(found)) await tx.insert(claims).values(part).onConflictDoNothing();
	});
}
