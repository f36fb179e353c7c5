// What this node is and whose wallets it keeps. No keys.

import { readChainTime, readCollected } from "@openledger/chain";
import type { Hex } from "@openledger/protocol";
import { count } from "drizzle-orm";
import { Hono } from "hono";
import { contributions, datanets, models, receipts, wallets } from "../database/schema.js";
import { ACTING_ROLES, hasDevelopmentAccounts } from "../developmentWallet/developmentAccounts.js";
import type { Role } from "../home/keystore.js";
import { fundPayer } from "../inference/fundPayer.js";
import type { NodeParts } from "../parts.js";
import { json } from "./json.js";

const ROLES: readonly Role[] = ["treasury", "settler", "owner", "node", "stakers", "facilitator", "payer"];

export function statusRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.get("/status", async (c) => {
		const { db, ledger, engine } = parts;
		const counted = async (table: typeof datanets | typeof contributions | typeof models | typeof receipts) =>
			(await db.select({ n: count() }).from(table))[0]!.n;
		return json(c, {
			chainId: parts.chainId,
			chainUrl: ledger.client.url,
			// Where others send transactions: through the node, so that its journal has them.
			rpcUrl: new URL("/rpc", c.req.url).href,
			block: await ledger.client.publicClient.getBlockNumber(),
			// By which windows open and end; not this machine's clock.
			chainTime: await readChainTime(ledger),
			// Which chain of this id it is. Its second block's: a local chain dates the first anew whenever it is loaded.
			genesisHash: await firstHash(parts),
			hasDevelopmentAccounts: await hasDevelopmentAccounts(parts),
			addresses: ledger.addresses,
			engineId: parts.engineId,
			base: { name: engine.base.name, digest: engine.base.digest },
			datanets: await counted(datanets),
			contributions: await counted(contributions),
			models: await counted(models),
			receipts: await counted(receipts),
			money: await readCollected(ledger),
		});
	});
	app.get("/wallets", async (c) => {
		const people = await parts.db.select().from(wallets);
		const isLocal = await hasDevelopmentAccounts(parts);
		// `mayAct`: a page that has the token may act as it, see POST /api/development-wallet.
		const own = ROLES.map((role) => ({
			name: role,
			address: parts.keys.address(role),
			role: "node",
			mayAct: isLocal && ACTING_ROLES.includes(role),
		}));
		const others = people.map((wallet) => ({ ...wallet, role: "contributor", mayAct: isLocal }));
		return json(c, { wallets: [...own, ...others] });
	});
	app.post("/wallets/payer/fund", async (c) => json(c, await fundPayer(parts)));
	return app;
}

/** Undefined on a chain without transactions. */
async function firstHash({ ledger }: NodeParts): Promise<Hex | undefined> {
	const block = await ledger.client.publicClient.getBlock({ blockNumber: 1n }).catch(() => undefined);
	return block?.hash;
}
