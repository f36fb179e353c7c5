import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { parseArguments } from "../attribution.js";
import { kept, keptObject, startClock } from "./keep.js";

const folder = mkdtempSync(join(tmpdir(), "openledger-keep-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("default: a value is made once, and made anew when what it follows from is another", async () => {
	let made = 0;
	const make = () => {
		made++;
		return [0.1 + 0.2, 1 / 3, -5e-324];
	};
	expect(await kept(folder, "losses-1", { seed: 1 }, make)).toEqual([0.1 + 0.2, 1 / 3, -5e-324]);
	expect(await kept(folder, "losses-1", { seed: 1 }, make)).toEqual([0.1 + 0.2, 1 / 3, -5e-324]);
	expect(made).toBe(1);
	await kept(folder, "losses-1", { seed: 2 }, make);
	expect(made).toBe(2);
	expect(readdirSync(folder)).toEqual(["losses-1.kept.json"]);
});

test("behavior: what throws is not kept, and a half-written file is not read", async () => {
	await expect(kept(folder, "a", 1, () => Promise.reject(new Error("killed")))).rejects.toThrow("killed");
	expect(existsSync(join(folder, "a.kept.json"))).toBe(false);
	await kept(folder, "a", 1, () => 7);
	writeFileSync(join(folder, "a.kept.json.1.writing"), '{"input":"1","val');
	expect(await kept(folder, "a", 1, () => 8)).toBe(7);
	await expect(kept(folder, "../a", 1, () => 8)).rejects.toThrow("letters, digits");
});

test("behavior: maps of typed arrays come back bit for bit", () => {
	const make = () => new Map([["a", Float32Array.of(0.1, -0, 1e-40, Number.POSITIVE_INFINITY)]]);
	expect(keptObject(folder, "state", "run 1", make)).toEqual(make());
	expect(keptObject(folder, "state", "run 1", () => new Map())).toEqual(make());
	expect(keptObject(folder, "state", "run 2", () => new Map())).toEqual(new Map());
});

test("behavior: the clock adds up attempts while work is kept, and starts anew when nothing is", async () => {
	await kept(folder, "work", 1, () => 1);
	const first = startClock(folder).finish();
	const second = startClock(folder).finish();
	expect([first.attempts, second.attempts]).toEqual([1, 2]);
	expect(second.seconds).toBeGreaterThan(first.seconds);
	rmSync(join(folder, "work.kept.json"));
	expect(startClock(folder).finish().attempts).toBe(3);
	expect(startClock(folder).finish().attempts).toBe(1);
});

test("behavior: arguments choose parts in the table's order, and a wrong one is named", () => {
	expect(parseArguments(["--part", "spans,lds", "--quick"])).toEqual({
		parts: ["lds", "spans"],
		quick: true,
		fresh: false,
	});
	expect(parseArguments(["--part=cost"])).toEqual({ parts: ["cost"], quick: false, fresh: false });
	expect(parseArguments(["--quick", "--help"])).toBe("help");
	expect(parseArguments(["--part", "lsd"])).toEqual({ wrong: expect.stringContaining('"lsd" is not one of lds') });
	expect(parseArguments(["--part"])).toEqual({ wrong: expect.stringContaining('""') });
	expect(parseArguments(["quick"])).toEqual({ wrong: expect.stringContaining('"quick"') });
});
