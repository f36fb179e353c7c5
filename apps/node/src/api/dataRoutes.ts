// This node as a data layer for others: `POST /da/put`, `GET /da/get/0x…`, `GET /da/health`, as EigenDA's proxy has them. Reading is open;
// writing too, as there, to whoever reaches this machine's own address, but not to pages from elsewhere.

import { dataServer } from "@openledger/rollup";
import { Hono } from "hono";
import { LOCAL_HOSTS } from "../foreignHost.js";
import type { NodeParts } from "../parts.js";

export const DATA_PATH = "/da";

/** Mount at the root. */
export function dataRoutes({ dataStore }: Pick<NodeParts, "dataStore">): Hono {
	const app = new Hono();
	const serve = dataServer(dataStore, DATA_PATH);
	app.all(`${DATA_PATH}/*`, async (c) => {
		const origin = c.req.header("origin");
		const foreign = origin !== undefined && !(URL.canParse(origin) && LOCAL_HOSTS.includes(new URL(origin).hostname));
		if (foreign || !LOCAL_HOSTS.includes(new URL(c.req.url).hostname)) {
			return c.text("the data layer of a node answers only its own machine; call it as 127.0.0.1", 403);
		}
		return await serve(c.req.raw);
	});
	return app;
}
