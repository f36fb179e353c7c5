// A folder for what MAGIC keeps while it works. Each file is written whole, so a kill leaves the old one or the new.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { MagicStore } from "@openledger/attribution";
import { readIfThere, writeDurably } from "../runFolder.js";

export interface MagicFolder extends MagicStore {
	/** Removes the folder with all that was kept. */
	clear(): Promise<void>;
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/i;

/** Throws RangeError for a name that could stand for a place elsewhere. */
export function openMagicFolder(directory: string): MagicFolder {
	const fileOf = (name: string) => {
		if (NAME.test(name)) return join(directory, name);
		throw new RangeError(`${JSON.stringify(name)} is no file name; use letters, digits, dot, dash and underscore`);
	};
	return {
		read: (name) => readIfThere(fileOf(name)),
		write: (name, bytes) => writeDurably(fileOf(name), bytes),
		clear: () => rm(directory, { recursive: true, force: true }),
	};
}
