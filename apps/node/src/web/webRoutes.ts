// The explorer at the node's root: the files of its build by their exact names, and its one page for every address that a browser opens and
// that belongs to no other part of the node. What it does not know it passes on.

import { type Context, Hono } from "hono";
import { type Encoding, INDEX, openPageFiles, type PageFile } from "./pageFiles.js";
import { PAGE_HEADERS } from "./pageHeaders.js";

const LOCAL_HOSTS: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];
/** First parts of addresses that are no pages: the API, the chain, OpenLoRA, the data layer, the build's own files. */
const OTHERS: ReadonlySet<string> = new Set(["api", "assets", "da", "health", "metrics", "ready", "rpc", "v1"]);

const UNBUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>OpenLedger</title>
<h1>The explorer is not built</h1><p>Run <code>npm run build:web</code> once, then reload this page. The node itself works without it.</p></html>\n`;

/** Mount at the root, before what answers everything. `folder` is the build of apps/web. */
export function webRoutes(folder: string | undefined): Hono {
	const app = new Hono();
	const files = openPageFiles(folder);
	// GET, and with it HEAD.
	app.get("*", async (c, next) => {
		const path = c.req.path;
		const isPage = !OTHERS.has(path.split("/")[1]!) && (c.req.header("accept") ?? "").includes("text/html");
		const known = path === "/" || path === INDEX || isPage ? INDEX : path;
		const built = files();
		const file = built?.get(known);
		if (file === undefined && (built !== undefined || !isPage)) return await next();
		// A page elsewhere may let its own name point here; then the browser says that name.
		if (!LOCAL_HOSTS.includes(new URL(c.req.url).hostname))
			return c.text("the explorer answers this machine alone; open it as 127.0.0.1", 403);
		if (file === undefined)
			return c.body(UNBUILT, 503, { ...PAGE_HEADERS, "content-type": "text/html; charset=utf-8" });
		return await send(c, file);
	});
	return app;
}

async function send(c: Context, file: PageFile): Promise<Response> {
	const etag = `W/"${file.tag}"`;
	const headers = {
		...PAGE_HEADERS,
		etag,
		vary: "accept-encoding",
		// What is asked for by an unchanging name is fetched anew whenever it may have changed.
		"cache-control": file.isImmutable ? "public, max-age=31536000, immutable" : "no-cache",
	};
	if (c.req.header("if-none-match")?.split(/, */).includes(etag)) return c.body(null, 304, headers);
	const { encoding, bytes } = await file.encoded(wanted(c.req.header("accept-encoding") ?? ""));
	return c.body(bytes, 200, {
		...headers,
		"content-type": file.type,
		...(encoding !== "identity" && { "content-encoding": encoding }),
	});
}

function wanted(accepted: string): Encoding {
	const names = accepted.split(",").map((name) => name.trim());
	const may = (name: string) =>
		names.some((one) => one === name || (one.startsWith(`${name};`) && !/q=0(\.0*)?$/.test(one)));
	return may("br") ? "br" : may("gzip") ? "gzip" : "identity";
}
