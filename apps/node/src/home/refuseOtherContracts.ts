// Where a home's datanets lie in other contracts than this version deploys, going on would begin a second economy beside the first: told
// instead. It must not know what the contracts do.

import { type ChainClient, contractAddresses, type DeployRoles } from "@openledger/chain";
import { CallerError } from "@openledger/protocol";
import { count } from "drizzle-orm";
import type { OpenedDatabase } from "../database/openDatabase.js";
import { datanets } from "../database/schema.js";

/** Throws `home/other-contracts`. A chain that has none of ours is taken as it is: everything is deployed there. */
export async function refuseOtherContracts(
	{ publicClient }: ChainClient,
	db: OpenedDatabase["db"],
	roles: DeployRoles,
): Promise<void> {
	const [known] = await db.select({ n: count() }).from(datanets);
	if (known!.n === 0) return;
	const { openToken, datanetRegistry } = contractAddresses(roles);
	// The token's address follows from the treasury alone.
	const [token, registry] = await Promise.all(
		[openToken, datanetRegistry].map((address) => publicClient.getCode({ address })),
	);
	if (token === undefined || registry !== undefined) return;
	throw new CallerError(
		"this home's datanets lie in contracts of another version or with other windows; go on with the version that made it, or begin another --home",
		{ code: "home/other-contracts" },
	);
}
