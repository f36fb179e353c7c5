// Where a wallet's channels are remembered: a folder in the home for each address, used by one process at a time.
// It must not know what channels pay for.

import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TransientError } from "@openledger/protocol";
import { type ChannelStore, openFileChannelStore } from "@openledger/sdk";

export function channelFolder(home: string, address: string): string {
	return join(home, "channels", address.toLowerCase());
}

/** For looking only: nobody waits for it. */
export function readChannelStore(home: string, address: string): ChannelStore {
	return openFileChannelStore(channelFolder(home, address));
}

export type LockedStore = { readonly store: ChannelStore; release(): void };

/** The store for paying with; undefined while another process pays with it. */
export function lockChannelStore(home: string, address: string): LockedStore | undefined {
	const folder = channelFolder(home, address);
	const lock = join(folder, "lock");
	const own = `${lock}.${process.pid}`;
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	writeFileSync(own, String(process.pid));
	try {
		if (!take(own, lock)) {
			if (isAlive(Number(readFileSync(lock, "utf8")))) return undefined;
			rmSync(lock, { force: true });
			if (!take(own, lock)) return undefined;
		}
	} finally {
		rmSync(own, { force: true });
	}
	const release = () => rmSync(lock, { force: true });
	process.once("exit", release);
	return {
		store: openFileChannelStore(folder),
		release() {
			process.off("exit", release);
			release();
		},
	};
}

/** As `lockChannelStore`, for work that cannot be done without; throws `wallet/in-use`. */
export function mustLockChannelStore(home: string, address: string): LockedStore {
	const locked = lockChannelStore(home, address);
	if (locked !== undefined) return locked;
	throw new TransientError("another command pays with this wallet's channels just now; end it, or wait for it", {
		code: "wallet/in-use",
	});
}

function take(own: string, lock: string): boolean {
	try {
		linkSync(own, lock);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
		throw error;
	}
}

function isAlive(pid: number): boolean {
	if (!Number.isInteger(pid) || pid < 1) return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}
