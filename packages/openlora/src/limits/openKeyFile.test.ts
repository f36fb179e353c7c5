import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { hashKey, newKey } from "./keyStore.js";
import { openKeyFile } from "./openKeyFile.js";

const folder = mkdtempSync(join(tmpdir(), "openledger-keys-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "keys.json");
const write = (content: unknown) =>
	writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));

describe("a key file", () => {
	test("default: keys are found by their hash; the file holds no key", () => {
		const { key, record } = newKey("alice", { concurrent: 2 });
		expect(key).toMatch(/^olk_[\w-]{43}$/);
		expect(record.sha256).toBe(createHash("sha256").update(key).digest("hex"));
		expect(JSON.stringify(record)).not.toContain(key.slice(4));
		write({ keys: [record, { ...newKey("bob").record, sha256: "AB".repeat(32) }] });
		const store = openKeyFile(path);
		expect(store.find(hashKey(key))).toEqual({ name: "alice", sha256: record.sha256, limits: { concurrent: 2 } });
		expect(store.find("ab".repeat(32))?.name).toBe("bob");
		for (const wrong of [hashKey(`${key} `), hashKey(""), key, ""]) expect(store.find(wrong)).toBeUndefined();
	});

	test("behavior: a changed file is taken, a broken one is not, and neither needs a restart", () => {
		const [one, two] = [newKey("one"), newKey("two")];
		write({ keys: [one.record] });
		let time = 0;
		const errors: Error[] = [];
		const store = openKeyFile(path, { now: () => time, onError: (error) => errors.push(error) });
		write({ keys: [two.record, newKey("three").record] });
		expect(store.find(hashKey(one.key))?.name).toBe("one");
		time += 1000;
		expect(store.find(hashKey(one.key))).toBeUndefined();
		expect(store.find(hashKey(two.key))?.name).toBe("two");
		write(`{"keys": [ "${two.key}`);
		time += 1000;
		expect(store.find(hashKey(two.key))?.name).toBe("two");
		expect(errors.map(({ message }) => message)).toEqual([`${path}: is not JSON`]);
		rmSync(path);
		time += 1000;
		expect(store.find(hashKey(two.key))?.name).toBe("two");
		expect(errors).toHaveLength(2);
	});

	test("behavior: what is wrong with a file is said at once, by field", () => {
		const { record } = newKey("a");
		for (const [content, what] of [
			[{ keys: [{ ...record, sha256: "12" }] }, "keys.0.sha256"],
			[{ keys: [{ ...record, name: "a b" }] }, "keys.0.name"],
			[{ keys: [{ ...record, limits: { concurrent: 0 } }] }, "keys.0.limits.concurrent"],
			[{ keys: [{ ...record, limits: { other: 1 } }] }, "keys.0.limits"],
			[{ keys: [record, newKey("a").record] }, "same name"],
			[{}, "keys"],
			["", "is not JSON"],
		] as const) {
			write(content);
			expect(() => openKeyFile(path)).toThrow(what);
		}
		expect(() => openKeyFile(join(folder, "none"))).toThrow("ENOENT");
	});
});
