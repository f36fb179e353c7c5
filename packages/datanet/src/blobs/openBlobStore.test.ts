import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CallerError, sha256, TransientError, utf8 } from "@openledger/protocol";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { openBlobStore } from "./openBlobStore.js";

const root = mkdtempSync(join(tmpdir(), "datanet-blobs-"));
afterAll(() => rmSync(root, { recursive: true }));

const dir = join(root, "store");
const store = openBlobStore(dir);
const hello = utf8("hello");
const fileOf = (digest: string) => join(dir, digest.slice(2, 4), digest.slice(4));

test("default: what is put is got, under its sha256, also by the next process", async () => {
	await fc.assert(
		fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
			const digest = await store.put(bytes);
			expect(digest).toBe(sha256(bytes));
			expect(new Uint8Array(await openBlobStore(dir).get(digest))).toEqual(bytes);
			expect(await store.has(digest)).toBe(true);
		}),
		{ numRuns: 20 },
	);
});

test("behavior: a missing blob is the caller's fault", async () => {
	const none = sha256(utf8("never put"));
	expect(await store.has(none)).toBe(false);
	await expect(store.get(none)).rejects.toThrow(expect.objectContaining({ code: "datanet/blob-missing" }));
	await expect(store.get(none)).rejects.toBeInstanceOf(CallerError);
});

test("behavior: a flipped bit and a cut file are noticed, and putting the bytes again mends them", async () => {
	const digest = await store.put(hello);
	for (const damaged of [Uint8Array.from(hello, (byte, i) => (i === 0 ? byte ^ 1 : byte)), hello.slice(0, 3)]) {
		writeFileSync(fileOf(digest), damaged);
		await expect(store.get(digest)).rejects.toBeInstanceOf(TransientError);
		await expect(store.get(digest)).rejects.toThrow(expect.objectContaining({ code: "datanet/blob-corrupt" }));
		expect(await store.has(digest)).toBe(false);
		await store.put(hello);
		expect(readFileSync(fileOf(digest), "utf8")).toBe("hello");
	}
});

test("behavior: a digest that is none never becomes a path", async () => {
	for (const bad of ["../../etc/passwd", "0x12", `0x${"A".repeat(64)}`, ""]) {
		await expect(store.get(bad as `0x${string}`)).rejects.toThrow(
			expect.objectContaining({ code: "protocol/bad-digest" }),
		);
	}
});

test("behavior: many writers of the same bytes leave one file and nothing beside it", async () => {
	const bytes = utf8("written by many");
	const digests = await Promise.all(Array.from({ length: 16 }, () => openBlobStore(dir).put(bytes)));
	expect(new Set(digests).size).toBe(1);
	expect(readdirSync(join(dir, digests[0]!.slice(2, 4)))).toContain(digests[0]!.slice(4));
	const names = readdirSync(dir, { recursive: true }).map(String);
	expect(names.filter((name) => name.endsWith(".new"))).toEqual([]);
});

test("behavior: a folder that cannot be written is ours to mend, and leaves nothing behind", async () => {
	const blocked = openBlobStore(join(root, "blocked"));
	const digest = sha256(hello);
	// A file where the blob's folder should be, which holds for the superuser too.
	writeFileSync(join(root, "blocked", digest.slice(2, 4)), "");
	await expect(blocked.put(hello)).rejects.toBeInstanceOf(TransientError);
});
