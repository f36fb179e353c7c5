// Where the real data lies; benches say so in one line where it is absent.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export class DataAbsent extends Error {}

/** The path of a file of the data folder that stands beside the repository. Throws DataAbsent. */
export function dataFile(path: string): string {
	const file = fileURLToPath(new URL(`../../../../shared/data/${path}`, import.meta.url));
	if (!existsSync(file)) throw new DataAbsent(`../shared/data/${path} is not here; this set is left out`);
	return file;
}
