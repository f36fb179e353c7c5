// One writer at a time in a folder. A lock whose holder is gone, killed perhaps, is taken over. It must not know what is written.

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { FeatureError } from "../errors.js";
import { isMissing } from "./storeFiles.js";

const NAME = "writer.lock";
/** Locks of this process, whose number alone does not tell an opening from another. */
const own = new Set<string>();

function holderOf(path: string): number | undefined {
	try {
		return Number(readFileSync(path, "utf8"));
	} catch (cause) {
		if (isMissing(cause)) return undefined;
		throw cause;
	}
}

function isAlive(process_: number, path: string): boolean {
	// In a container that was started again the number may be our own.
	if (process_ === process.pid) return own.has(path);
	try {
		process.kill(process_, 0);
		return true;
	} catch (cause) {
		return (cause as NodeJS.ErrnoException).code === "EPERM";
	}
}

/** Takes the lock, or throws `features/in-use`; call what it returns to give it back. */
export function lockForWriting(folder: string): () => void {
	const path = resolve(join(folder, NAME));
	const mine = `${path}.${process.pid}`;
	const refuse = (holder: number): never => {
		throw new FeatureError(
			"features/in-use",
			`process ${holder} writes to ${folder}; open it with readOnly, or end that process (if it is none of ours, remove ${path})`,
		);
	};
	writeFileSync(mine, String(process.pid));
	try {
		for (;;) {
			try {
				// A link appears with its content, or not at all.
				linkSync(mine, path);
				break;
			} catch (cause) {
				if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
			}
			const holder = holderOf(path);
			if (holder === undefined) continue;
			if (Number.isInteger(holder) && holder > 0 && isAlive(holder, path)) refuse(holder);
			takeAway(path, holder);
		}
		own.add(path);
	} finally {
		rmSync(mine, { force: true });
	}
	return () => {
		if (own.delete(path)) rmSync(path, { force: true });
	};
}

/** Removes a dead holder's lock, but not one that another process has put there meanwhile. */
function takeAway(path: string, holder: number): void {
	const aside = `${path}.${process.pid}.stale`;
	try {
		renameSync(path, aside);
	} catch (cause) {
		if (isMissing(cause)) return;
		throw cause;
	}
	try {
		if (!Object.is(holderOf(aside), holder)) linkSync(aside, path);
	} finally {
		rmSync(aside, { force: true });
	}
}
