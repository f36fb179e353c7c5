// The node's chain as JSON-RPC, for wallets and programs beside it. Transactions come through here and not straight to the chain,
// because only then do they stand in the node's journal, from which a local chain that forgot is made again. No keys: what comes is signed.

import { isSilent } from "@openledger/chain";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { BaseError, RpcRequestError } from "viem";
import { errorText } from "../errors.js";
import { LOCAL_HOSTS } from "../foreignHost.js";
import type { NodeParts } from "../parts.js";
import { json } from "./json.js";

const MAX_BODY = 1024 * 1024;
const MAX_BATCH = 100;
const WALLETS: readonly string[] = ["chrome-extension:", "moz-extension:", "safari-web-extension:"];

/** Reading, and sending what its owner has signed; nothing that changes the chain's clock, accounts or blocks. */
const METHODS: ReadonlySet<string> = new Set([
	"eth_blockNumber",
	"eth_call",
	"eth_chainId",
	"eth_estimateGas",
	"eth_feeHistory",
	"eth_gasPrice",
	"eth_getBalance",
	"eth_getBlockByHash",
	"eth_getBlockByNumber",
	"eth_getCode",
	"eth_getLogs",
	"eth_getStorageAt",
	"eth_getTransactionByHash",
	"eth_getTransactionCount",
	"eth_getTransactionReceipt",
	"eth_maxPriorityFeePerGas",
	"eth_sendRawTransaction",
	"net_version",
	"web3_clientVersion",
]);

/** Error codes of JSON-RPC 2.0. */
const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const METHOD_NOT_FOUND = -32601;
const INTERNAL_ERROR = -32603;

type Call = { readonly id?: unknown; readonly method?: unknown; readonly params?: unknown };
type Request = (args: { method: string; params?: unknown }) => Promise<unknown>;

export function rpcRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.use(async (c, next) => {
		// As the API does: neither another name that points here nor a page from elsewhere gets an answer.
		const origin = c.req.header("origin");
		const isForeign = origin !== undefined && !mayAsk(origin);
		if (isForeign || !LOCAL_HOSTS.includes(new URL(c.req.url).hostname))
			return json(c, failed(null, INVALID_REQUEST, "the chain answers this machine alone; call it as 127.0.0.1"), 403);
		await next();
	});
	const onError = (c: Parameters<typeof json>[0]) =>
		json(c, failed(null, INVALID_REQUEST, `a request may have ${MAX_BODY} bytes at most`), 413);
	app.post("/", bodyLimit({ maxSize: MAX_BODY, onError }), async (c) => {
		let body: unknown;
		try {
			body = JSON.parse(await c.req.text());
		} catch {
			return json(c, failed(null, PARSE_ERROR, "the body must be JSON"), 400);
		}
		if (!Array.isArray(body)) return json(c, await answer(parts, body as Call));
		if (body.length === 0 || body.length > MAX_BATCH)
			return json(c, failed(null, INVALID_REQUEST, `a batch has 1 to ${MAX_BATCH} calls`), 400);
		const answers: unknown[] = [];
		// In their order: a transaction may build on the one before.
		for (const call of body as Call[]) answers.push(await answer(parts, call));
		return json(c, answers);
	});
	return app;
}

/** Pages of this machine, and wallets in the browser, which ask from their own pages: no site can give itself such an origin. */
function mayAsk(origin: string): boolean {
	if (!URL.canParse(origin)) return false;
	const { protocol, hostname } = new URL(origin);
	return WALLETS.includes(protocol) || LOCAL_HOSTS.includes(hostname);
}

async function answer(parts: NodeParts, call: Call | null): Promise<unknown> {
	const { id = null, method, params = [] } = call ?? {};
	if (typeof method !== "string" || !Array.isArray(params))
		return failed(id, INVALID_REQUEST, "a call has a method and a list of params");
	if (!METHODS.has(method)) return failed(id, METHOD_NOT_FOUND, `${method.slice(0, 64)} is not offered here`);
	try {
		const result = await (parts.ledger.client.publicClient.request as Request)({ method, params });
		return { jsonrpc: "2.0", id, result };
	} catch (error) {
		const said = error instanceof BaseError ? error.walk((e) => e instanceof RpcRequestError) : null;
		if (said instanceof RpcRequestError) return failed(id, said.code, said.details, said.data);
		const isAway = isSilent(error);
		if (!isAway) parts.log(`${method} failed: ${errorText(error)}`);
		return failed(
			id,
			INTERNAL_ERROR,
			isAway ? "the chain does not answer; try again" : "the node failed; its log says why",
		);
	}
}

function failed(id: unknown, code: number, message: string, data?: unknown) {
	return { jsonrpc: "2.0", id, error: { code, message, ...(data !== undefined && { data }) } };
}
