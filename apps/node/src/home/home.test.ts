import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CallerError } from "@openledger/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { demoSeed } from "../config.js";
import { openKeystore } from "./keystore.js";
import { lockHome } from "./lock.js";
import { keepWindows } from "./windows.js";

let home: string;
beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), "openledger-home-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test("default: one lock per home, free again after release", () => {
	const lock = lockHome(home);
	expect(() => lockHome(home)).toThrow(/in use by the node with process id/);
	lock.release();
	lockHome(home).release();
});

test("behavior: the lock of a living process holds, that of a dead one is taken over", async () => {
	const other = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
	const born = statBirth(other.pid!);
	writeFileSync(join(home, "lock"), JSON.stringify({ pid: other.pid, born }));
	expect(() => lockHome(home)).toThrow(CallerError);
	// The same number, born at another time, is another process.
	writeFileSync(join(home, "lock"), JSON.stringify({ pid: other.pid, born: `${born}0` }));
	if (born !== "") lockHome(home).release();
	writeFileSync(join(home, "lock"), JSON.stringify({ pid: other.pid, born }));
	const gone = new Promise((done) => other.once("exit", done));
	other.kill("SIGKILL");
	await gone;
	lockHome(home).release();
	writeFileSync(join(home, "lock"), "half a wri");
	lockHome(home).release();
});

function statBirth(pid: number): string {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
	} catch {
		return "";
	}
}

test("default: a home's windows are fixed by its first start; asking for others is told, not done", () => {
	expect(keepWindows(home, "by-hand")).toBe("by-hand");
	expect(keepWindows(home)).toBe("by-hand");
	expect(() => keepWindows(home, "quick")).toThrow(/begun with by-hand windows/);
	writeFileSync(join(home, "windows"), "long");
	expect(() => keepWindows(home)).toThrow(/must be quick or by-hand/);
	rmSync(join(home, "windows"));
	expect(keepWindows(home)).toBe("quick");
});

test("default: keys follow from the seed, apart for every role and name", () => {
	const keys = openKeystore(home, demoSeed);
	const again = openKeystore(home);
	expect(again.address("contributor", "ada")).toBe(keys.address("contributor", "ada"));
	expect(again.adminToken).toBe(keys.adminToken);
	const all = [
		keys.address("owner"),
		keys.address("node"),
		keys.address("contributor", "ada"),
		keys.address("contributor", "bob"),
	];
	expect(new Set(all).size).toBe(all.length);
	expect(keys.secret("a", "b", "c")).not.toBe(keys.secret("a", "bc"));
});

test("behavior: secrets are readable by their owner alone, and never in what an object shows", () => {
	const keys = openKeystore(home, demoSeed);
	for (const file of ["keys/seed", "admin-token"]) expect(statSync(join(home, file)).mode & 0o077).toBe(0);
	const shown = JSON.stringify(keys) + String(keys.account);
	expect(shown).not.toContain(demoSeed.slice(2));
});

test("behavior: another seed, or a damaged file, is refused without telling what it holds", () => {
	openKeystore(home, demoSeed);
	expect(() => openKeystore(home, `0x${"11".repeat(32)}`)).toThrow(/another seed/);
	writeFileSync(join(home, "keys/seed"), "c0ffee-secret");
	expect(() => openKeystore(home)).toThrow(expect.not.objectContaining({ message: expect.stringContaining("c0ffee") }));
});
