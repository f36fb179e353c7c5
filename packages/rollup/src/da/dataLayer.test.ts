import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keccak_256 } from "@noble/hashes/sha3";
import { bytesToHex, hexToBytes } from "@openledger/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
	type DataStore,
	dataClient,
	getBlob,
	type ListeningDataServer,
	listenDataServer,
	localData,
	MAX_PAYLOAD,
	openDataStore,
	putBlob,
} from "../index.js";

let folder: string;
let store: DataStore;
let server: ListeningDataServer;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "openledger-da-"));
	store = openDataStore(folder);
	server = await listenDataServer({ store, port: 0 });
});
afterAll(async () => {
	await server.close();
	rmSync(folder, { recursive: true });
});

const text = (what: string) => new TextEncoder().encode(what);
const post = (path: string, body: Uint8Array) =>
	fetch(`${server.url}${path}`, { method: "POST", body: body as BodyInit });
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

test("default: what is put comes back, by the bytes the server gave, over HTTP and beside it", async () => {
	const client = dataClient(server.url);
	const commitment = await client.put(text("an epoch"));
	// The proxy's generic form: type 01, layer 00, version, certificate.
	expect(commitment).toBe(`0x0100f0${Buffer.from(keccak_256(text("an epoch"))).toString("hex")}`);
	expect(await client.get(commitment)).toEqual(Buffer.from("an epoch"));
	expect(await localData(store).get(commitment)).toEqual(Buffer.from("an epoch"));
	expect(await localData(store).put(text("an epoch"))).toBe(commitment);
	expect(await client.health()).toBe(true);
});

test("behavior: the proxy's routes as curl sees them: modes, prefixes, status codes", async () => {
	const standard = await post("/put?commitment_mode=standard", text("std"));
	expect([standard.status, standard.headers.get("content-type")]).toEqual([200, "application/octet-stream"]);
	const cert = Buffer.from(await bytesOf(standard)).toString("hex");
	expect(cert).toMatch(/^f0[0-9a-f]{64}$/);
	for (const path of [`/get/${cert}`, `/get/0x${cert}`, `/get/0x${cert.toUpperCase()}`]) {
		const found = await fetch(`${server.url}${path}?commitment_mode=standard`);
		expect([found.status, await found.text()]).toEqual([200, "std"]);
	}
	// The same bytes without their mode are a generic commitment of an unknown type.
	expect((await fetch(`${server.url}/get/0x${cert}`)).status).toBe(400);
	expect((await post("/put/", text("slash"))).status).toBe(200);

	const keccak = `00${Buffer.from(keccak_256(text("pre-image"))).toString("hex")}`;
	const named = await post(`/put/0x${keccak}`, text("pre-image"));
	expect([named.status, await named.text()]).toEqual([200, ""]);
	expect(await (await fetch(`${server.url}/get/${keccak}`)).text()).toBe("pre-image");
	expect((await post(`/put/0x${keccak}`, text("another"))).status).toBe(400);
	expect((await post(`/put/0x01${keccak}`, text("another"))).status).toBe(400);

	const wrong: readonly (readonly [string, number])[] = [
		["/get/0x02", 400],
		["/get/zz", 400],
		["/get/0x010000aa", 400], // a certificate of EigenDA itself
		[`/get/0x0100f0${"ab".repeat(32)}`, 404],
		[`/get/00${"ab".repeat(32)}`, 404],
		[`/get/0x01${"00".repeat(5000)}`, 400],
		["/put", 405],
		["/elsewhere", 404],
		["/get/a/b", 404],
	];
	for (const [path, status] of wrong) expect([path, (await fetch(server.url + path)).status]).toEqual([path, status]);
	expect((await fetch(`${server.url}/health`)).status).toBe(200);
	expect((await post("/put", new Uint8Array(0))).status).toBe(400);
});

test("behavior: the largest payload passes, one byte more does not, and is not kept", async () => {
	const largest = new Uint8Array(MAX_PAYLOAD).fill(7);
	expect((await post("/put", largest)).status).toBe(200);
	const before = readdirSync(folder, { recursive: true }).length;
	const tooLarge = await post("/put", new Uint8Array(MAX_PAYLOAD + 1)).then(
		(it) => it.status,
		() => "cut off",
	);
	expect([400, "cut off"]).toContain(tooLarge);
	expect(readdirSync(folder, { recursive: true }).length).toBe(before);
	await expect(dataClient(server.url).put(new Uint8Array(MAX_PAYLOAD + 1))).rejects.toMatchObject({
		code: "data/too-large",
	});
});

test("behavior: damaged content is not given out, and putting it again mends it", async () => {
	const client = dataClient(server.url, { retries: 0 });
	const commitment = await client.put(text("precious"));
	const digest = commitment.slice(8);
	const file = join(folder, digest.slice(0, 2), digest);
	writeFileSync(file, "precioux");
	await expect(client.get(commitment)).rejects.toMatchObject({ code: "data/unavailable" });
	await expect(store.get(`0x${digest}`)).rejects.toMatchObject({ code: "data/damaged" });
	expect(await client.put(text("precious"))).toBe(commitment);
	expect(readFileSync(file, "utf8")).toBe("precious");
});

test("behavior: many puts of the same at once keep one file and leave nothing beside it; a full folder says so", async () => {
	const same = await Promise.all(Array.from({ length: 8 }, () => store.put(text("once"))));
	expect(new Set(same).size).toBe(1);
	const files = readdirSync(join(folder, same[0]!.slice(2, 4)));
	expect(files.filter((name) => name.includes("part"))).toEqual([]);
	const small = openDataStore(join(folder, "small"), { maxTotalBytes: 10 });
	await small.put(text("12345678"));
	await expect(small.put(text("abc"))).rejects.toMatchObject({ code: "data/unavailable" });
	await small.put(text("12345678"));
});

test("behavior: a layer that is busy is asked again, one that lies is told from one that is away", async () => {
	let asked = 0;
	const strange = createServer((request, response) => {
		asked++;
		if (request.url === "/put") {
			response.writeHead(asked < 3 ? 503 : 200).end(asked < 3 ? "later" : Buffer.from([1, 0, 0, 9, 9]));
		} else if (request.url === "/get/0x01000099") response.writeHead(418).end("certificate is not valid");
		else response.writeHead(200).end(Buffer.alloc(MAX_PAYLOAD + 1));
	});
	await new Promise<void>((resolve) => strange.listen(0, "127.0.0.1", resolve));
	const url = `http://127.0.0.1:${(strange.address() as AddressInfo).port}`;
	try {
		// A real proxy's certificate is passed on as it is.
		expect(await dataClient(`${url}/`).put(text("x"))).toBe("0x0100000909");
		expect(asked).toBe(3);
		await expect(dataClient(url).get("0x01000099")).rejects.toMatchObject({ code: "data/refused" });
		await expect(dataClient(url).get("0x01000098")).rejects.toMatchObject({ code: "data/too-large" });
	} finally {
		strange.closeAllConnections();
		await new Promise((resolve) => strange.close(resolve));
	}
	await expect(dataClient(url, { retries: 0 }).put(text("x"))).rejects.toMatchObject({ code: "data/unavailable" });
	expect(await dataClient(url).health()).toBe(false);
});

test("behavior: a blob larger than a payload goes in parts under one commitment", async () => {
	const layer = localData(store);
	const blob = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
	const commitment = await putBlob(layer, blob, 300);
	expect(await getBlob(layer, commitment)).toEqual(blob);
	// What looks like a list is wrapped in one, so it cannot be taken for it.
	const list = await layer.get(commitment);
	expect(await getBlob(layer, await putBlob(layer, list))).toEqual(new Uint8Array(list));
	const cut = list.subarray(0, list.length - 1);
	await expect(getBlob(layer, await layer.put(cut))).rejects.toMatchObject({ code: "data/damaged" });
	const longer = new Uint8Array(list);
	longer[23] = longer[23]! + 1;
	await expect(getBlob(layer, await layer.put(longer))).rejects.toMatchObject({ code: "data/damaged" });
	expect(bytesToHex(hexToBytes(commitment))).toBe(commitment);
});
