// One node per home. A lock names its process; the lock of a process that is gone is taken over.
// It must not know what the home holds.

import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CallerError } from "@openledger/protocol";

export type HomeLock = { release(): void };

type Holder = { readonly pid: number; readonly born: string };

const held = new Set<string>();

/** Takes the lock of a home; throws `home/locked` while another node has it. */
export function lockHome(home: string): HomeLock {
	const file = join(home, "lock");
	if (held.has(file)) throw locked(home, process.pid);
	const own = `${file}.${process.pid}`;
	writeFileSync(own, JSON.stringify({ pid: process.pid, born: birthOf(process.pid) } satisfies Holder));
	try {
		if (!take(own, file)) {
			const holder = read(file);
			if (holder !== undefined && isAlive(holder)) throw locked(home, holder.pid);
			putAside(file, home);
			if (!take(own, file)) throw locked(home, read(file)?.pid ?? 0);
		}
	} finally {
		rmSync(own, { force: true });
	}
	held.add(file);
	return {
		release() {
			if (held.delete(file)) rmSync(file, { force: true });
		},
	};
}

/** A link either makes the whole lock or fails: there is no half-written lock to misread. */
function take(own: string, file: string): boolean {
	try {
		linkSync(own, file);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
		throw error;
	}
}

/** Removes a dead node's lock, unless a living one took it in this very moment. */
function putAside(file: string, home: string): void {
	const aside = `${file}.${process.pid}.stale`;
	try {
		renameSync(file, aside);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
		throw error;
	}
	const holder = read(aside);
	if (holder !== undefined && isAlive(holder)) {
		take(aside, file);
		unlinkSync(aside);
		throw locked(home, holder.pid);
	}
	unlinkSync(aside);
}

function read(file: string): Holder | undefined {
	try {
		const { pid, born } = JSON.parse(readFileSync(file, "utf8")) as Partial<Holder>;
		return typeof pid === "number" && typeof born === "string" ? { pid, born } : undefined;
	} catch {
		return undefined;
	}
}

function isAlive({ pid, born }: Holder): boolean {
	if (pid === process.pid) return false;
	try {
		process.kill(pid, 0);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
	}
	// Numbers of processes come round again, so the time of birth must match too, where the system tells it.
	const now = birthOf(pid);
	return now === "" || born === "" || now === born;
}

function birthOf(pid: number): string {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
	} catch {
		return "";
	}
}

function locked(home: string, pid: number): CallerError {
	return new CallerError(
		`${home} is in use by the node with process id ${pid}; talk to that one, stop it, or choose another home`,
		{ code: "home/locked", details: { home, pid } },
	);
}
