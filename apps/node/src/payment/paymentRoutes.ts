// The wallet's side of the OpenAI surface: channels and prepaid keys. Open to whoever can pay; nothing here needs the admin token.
// It must not know how payments are checked.

import type { Hex } from "@openledger/protocol";
import { and, eq } from "drizzle-orm";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Database } from "../database/openDatabase.js";
import { requests } from "../database/schema.js";
import { type ChannelRow, findChannel } from "./channel/channelRows.js";
import { isApiKey, keyIdOf } from "./key/keyMethod.js";
import type { PaymentMethods } from "./openPaymentMethods.js";
import { problem } from "./problems.js";

const MAX_BODY = 4096;
const DIGEST = /^0x[0-9a-fA-F]{64}$/;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** Routes below /v1/openledger. Mount them at the root. */
export function paymentRoutes({ db, payments }: { readonly db: Database; readonly payments: PaymentMethods }): Hono {
	const app = new Hono();
	const tooLarge = (c: Context) => refuse(c, 413, "body-too-large", `the body may have at most ${MAX_BODY} bytes`);

	// x402's clients ask here by GET, first for the offer and then with the voucher of a refund.
	app.get("/v1/openledger/channels", async (c) => {
		const header = c.req.header("payment-signature") ?? null;
		const { status, headers, body } = await payments.refund(c.req.url, header);
		return send(status, body, headers);
	});
	app.get("/v1/openledger/channels/:id", async (c) => {
		const id = c.req.param("id").toLowerCase() as Hex;
		const row = DIGEST.test(id) ? await findChannel(db, id) : undefined;
		if (row === undefined) return refuse(c, 404, "unknown-channel", "no channel of this id pays this node");
		return send(200, shownChannel(row));
	});
	app.post("/v1/openledger/channels", bodyLimit({ maxSize: MAX_BODY, onError: tooLarge }), async (c) => {
		const header = c.req.header("payment-signature");
		const said = header === undefined ? await payments.refund(c.req.url, null) : await payments.fill(c.req.url, header);
		return "body" in said ? send(said.status, said.body, said.headers) : send(200, shownChannel(said));
	});

	app.post("/v1/openledger/keys", bodyLimit({ maxSize: MAX_BODY, onError: tooLarge }), async (c) => {
		const body: unknown = await c.req.json().catch(() => undefined);
		const paymentHeader = c.req.header("payment-signature") ?? null;
		const said = await payments.topUp({ resource: c.req.url, body, paymentHeader });
		return send(said.status, said.body, said.headers);
	});
	app.get("/v1/openledger/keys/me", async (c) => {
		const key = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
		const id = isApiKey(key) ? keyIdOf(key) : undefined;
		const state = id === undefined ? undefined : await payments.key(id);
		if (state !== undefined) return send(200, state);
		return refuse(
			c,
			401,
			"unknown-key",
			"send the key as authorization: Bearer olk_…; create it with POST /v1/openledger/keys",
		);
	});

	app.get("/v1/openledger/receipts/:payer/:nonce", async (c) => {
		const [payer, nonce] = [c.req.param("payer").toLowerCase() as Hex, c.req.param("nonce").toLowerCase() as Hex];
		if (!ADDRESS.test(payer) || !DIGEST.test(nonce))
			return refuse(c, 400, "malformed", "name a receipt by its payer's address and its payment's nonce");
		const [row] = await db
			.select({ receiptId: requests.receiptId })
			.from(requests)
			.where(and(eq(requests.payer, payer), eq(requests.nonce, nonce)));
		if (row === undefined)
			return refuse(c, 404, "unknown-payment", "no answer was paid by this payer under this nonce");
		if (row.receiptId === null) return send(202, { receiptId: null }, { "Retry-After": "1" });
		return send(200, { receiptId: row.receiptId });
	});
	return app;
}

function shownChannel(row: ChannelRow) {
	return {
		channelId: row.id,
		payer: row.payer,
		balanceWei: `${row.balanceWei}`,
		chargedWei: `${row.chargedWei}`,
		claimedWei: `${row.claimedWei}`,
		heldWei: `${row.heldWei}`,
		withdrawRequestedAt: row.withdrawRequestedAt,
		config: row.config,
	};
}

function refuse(_c: Context, status: number, code: string, message: string): Response {
	return send(status, { error: problem(code, message) });
}

function send(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
	return Response.json(body, { status, headers: { "Cache-Control": "no-store", ...headers } });
}
