// The explorer's files as browsers ask for them, and what must not be had by asking for it.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { Hono } from "hono";
import { afterAll, beforeAll, expect, test } from "vitest";
import { webRoutes } from "./webRoutes.js";

const parent = mkdtempSync(join(tmpdir(), "openledger-web-"));
const folder = join(parent, "dist");
const script = `console.log(${JSON.stringify("x".repeat(5000))});`;
const app = new Hono();

beforeAll(() => {
	mkdirSync(join(folder, "assets"), { recursive: true });
	writeFileSync(join(parent, "secret.js"), "secret");
	writeFileSync(join(folder, "index.html"), "<!doctype html><title>OpenLedger</title>");
	writeFileSync(join(folder, "theme.js"), "1;");
	writeFileSync(join(folder, ".build-stamp"), "stamp");
	writeFileSync(join(folder, "assets", "index-abc.js"), script);
	app.route("/", webRoutes(folder));
	app.all("*", (c) => c.json({ error: "of another part" }, 404));
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const HTML = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
const get = async (path: string, headers: Record<string, string> = {}, host = "127.0.0.1:8402") =>
	await app.request(`http://${host}${path}`, { headers });

test("default: the page at the root and at every page's address; the API's and OpenLoRA's are left alone", async () => {
	for (const path of ["/", "/index.html"]) expect(await (await get(path)).text()).toContain("<title>OpenLedger");
	for (const path of ["/datanets", "/models/x.y", "/receipts/0x12", "/network/blocks/3", "/search?q=%3Cscript"]) {
		const page = await get(path, HTML);
		expect([path, page.status, page.headers.get("content-type")]).toEqual([path, 200, "text/html; charset=utf-8"]);
	}
	const others = ["/api/status", "/api", "/v1/models", "/rpc", "/health", "/ready", "/metrics", "/da/get/0x12"];
	for (const path of others) expect([path, (await get(path, HTML)).status]).toEqual([path, 404]);
	expect((await get("/datanets")).status).toBe(404);
	expect((await get("/assets/gone.js", HTML)).status).toBe(404);
	expect((await app.request("http://127.0.0.1/", { method: "POST", headers: HTML })).status).toBe(404);
});

test("behavior: only files of the build can be had, and only as this machine", async () => {
	const paths = ["/../secret.js", "/..%2fsecret.js", "/assets/../../secret.js", "/%2e%2e/secret.js", "/.build-stamp"];
	for (const path of [...paths, "/assets/", "/assets", "//secret.js", "/assets/..%5c..%5csecret.js"]) {
		expect([path, await (await get(path)).text()]).toEqual([path, '{"error":"of another part"}']);
	}
	for (const host of ["evil.example", "127.0.0.1.evil.example", "0.0.0.0"]) {
		for (const path of ["/", "/assets/index-abc.js", "/datanets"]) {
			expect([host, path, (await get(path, HTML, host)).status]).toEqual([host, path, 403]);
		}
	}
	expect((await get("/", HTML, "localhost:8402")).status).toBe(200);
});

test("behavior: every answer says what the browser must refuse", async () => {
	for (const path of ["/", "/assets/index-abc.js", "/theme.js"]) {
		const { headers } = await get(path);
		const policy = headers.get("content-security-policy") ?? "";
		expect(policy).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; /);
		expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
		expect(headers.get("x-content-type-options")).toBe("nosniff");
		expect(headers.get("referrer-policy")).toBe("no-referrer");
		expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
		expect(headers.get("cross-origin-embedder-policy")).toBe("require-corp");
	}
});

test("behavior: packed as the browser takes it, kept by it where the name changes with the contents", async () => {
	const path = "/assets/index-abc.js";
	const bytes = async (accepted: string) => {
		const answer = await get(path, { "accept-encoding": accepted });
		expect(answer.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
		return { packed: answer.headers.get("content-encoding"), body: new Uint8Array(await answer.arrayBuffer()) };
	};
	const [br, gz, plain, refused] = [
		await bytes("gzip, deflate, br, zstd"),
		await bytes("gzip"),
		await bytes(""),
		await bytes("br;q=0, gzip;q=0"),
	];
	expect([br.packed, gz.packed, plain.packed, refused.packed]).toEqual(["br", "gzip", null, null]);
	expect(brotliDecompressSync(br.body).toString()).toBe(script);
	expect(gunzipSync(gz.body).toString()).toBe(script);
	expect(Buffer.from(plain.body).toString()).toBe(script);
	expect(br.body.length).toBeLessThan(script.length / 10);
	const once = await get(path);
	expect(once.headers.get("cache-control")).toContain("immutable");
	const index = await get("/");
	expect(index.headers.get("cache-control")).toBe("no-cache");
	const again = await get("/", { "if-none-match": index.headers.get("etag")! });
	expect([again.status, await again.text()]).toEqual([304, ""]);
});

test("behavior: another build is taken with the next page; without one the page says how to make it", async () => {
	writeFileSync(join(folder, "index.html"), "<!doctype html><title>Newer</title>");
	utimesSync(join(folder, "index.html"), 1, 1);
	expect(await (await get("/", HTML)).text()).toContain("Newer");
	for (const none of [undefined, join(parent, "nowhere")]) {
		const bare = new Hono().route("/", webRoutes(none));
		const page = await bare.request("http://127.0.0.1/datanets", { headers: HTML });
		expect([page.status, await page.text()]).toEqual([503, expect.stringContaining("npm run build:web")]);
		expect((await bare.request("http://127.0.0.1/")).status).toBe(404);
	}
});
