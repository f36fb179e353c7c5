// The page's development account: whoever has the node's token may have it sign as one of the people whose keys it keeps.

import type { Address } from "@openledger/protocol";
import { Hono } from "hono";
import { z } from "zod";
import { developmentAccount } from "../developmentWallet/developmentAccounts.js";
import { SIGNING_METHODS, signFor } from "../developmentWallet/signFor.js";
import type { NodeParts } from "../parts.js";
import { json, readBody } from "./json.js";

const asked = z.strictObject({
	address: z.string().regex(/^0x[0-9a-fA-F]{40}$/, "must be 0x and 40 hex digits"),
	method: z.enum(SIGNING_METHODS),
	params: z.array(z.unknown()).max(4),
});

export function developmentWalletRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.post("/development-wallet", async (c) => {
		const { address, method, params } = await readBody(c, asked);
		const account = await developmentAccount(parts, address.toLowerCase() as Address);
		return json(c, { result: await signFor(parts, account, { method, params }) });
	});
	return app;
}
