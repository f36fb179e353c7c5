// What an account holds, and the faucet of this local chain: OPEN and coins for who asks with the node's token. No keys.

import { fundAccount, fundOpen, localFaucet, readBalance } from "@openledger/chain";
import { type Address, CallerError, checkAddress } from "@openledger/protocol";
import { Hono } from "hono";
import { z } from "zod";
import { hasDevelopmentAccounts } from "../developmentWallet/developmentAccounts.js";
import type { NodeParts } from "../parts.js";
import { json, readBody } from "./json.js";

/** An account is filled up to these, never beyond: 100 OPEN are tens of thousands of answers, 1 coin a few thousand transactions. */
const FULL = { openWei: 100n * 10n ** 18n, coinWei: 10n ** 18n } as const;

const fund = z.strictObject({ address: z.string() });

export function walletRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.get("/wallets/:address{0x[0-9a-fA-F]+}", async (c) =>
		json(c, await holds(parts, addressOf(c.req.param("address")))),
	);
	app.post("/wallets/fund", async (c) => {
		const { address: given } = await readBody(c, fund);
		const address = addressOf(given);
		if (!(await hasDevelopmentAccounts(parts))) {
			throw new CallerError("only a local chain has a faucet", { code: "wallet/not-local" });
		}
		const before = await holds(parts, address);
		await fundOpen(parts.ledger, parts.keys.account("treasury"), { to: address, atLeastWei: FULL.openWei });
		await fundAccount(parts.ledger.client, localFaucet(), { to: address, atLeastWei: FULL.coinWei });
		const after = await holds(parts, address);
		return json(c, {
			...after,
			addedOpenWei: after.openWei - before.openWei,
			addedCoinWei: after.coinWei - before.coinWei,
		});
	});
	return app;
}

async function holds({ ledger }: NodeParts, address: Address) {
	const [openWei, coinWei] = await Promise.all([
		readBalance(ledger, address),
		ledger.client.publicClient.getBalance({ address }),
	]);
	return { address, openWei, coinWei };
}

function addressOf(text: string): Address {
	const address = text.toLowerCase() as Address;
	try {
		return checkAddress(address, "address");
	} catch (cause) {
		throw new CallerError(`${JSON.stringify(text.slice(0, 64))} is no address; it is 0x and 40 hex digits`, {
			code: "wallet/bad-address",
			cause,
		});
	}
}
