import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { channelFolder, lockChannelStore, mustLockChannelStore } from "./channelStore.js";

const address = `0x${"aB".repeat(20)}`;
let home: string;
beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), "openledger-channels-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test("default: one at a time pays with a wallet's channels, others may when it has ended", () => {
	const first = lockChannelStore(home, address)!;
	expect(lockChannelStore(home, address)).toBeUndefined();
	expect(() => mustLockChannelStore(home, address)).toThrow(expect.objectContaining({ code: "wallet/in-use" }));
	expect(lockChannelStore(home, `0x${"cd".repeat(20)}`)).toBeDefined();
	first.release();
	mustLockChannelStore(home, address.toLowerCase()).release();
});

test("behavior: what a killed process left behind holds nobody up", async () => {
	const gone = spawn(process.execPath, ["-e", ""]);
	await once(gone, "exit");
	lockChannelStore(home, address)!.release();
	for (const left of [String(gone.pid), "", "half a wri"]) {
		writeFileSync(join(channelFolder(home, address), "lock"), left);
		lockChannelStore(home, address)!.release();
	}
});
