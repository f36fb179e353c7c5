// A database that has no table yet, as the first start of a node makes it: five seconds of a processor the first time, then a copy.

import { openDatabase } from "../database/openDatabase.js";
import { copyMade } from "./copyMade.js";

/** Puts it at `folder`, closed; whoever opens it brings it up to the newest migration. */
export const newDatabase = (folder: string): Promise<void> =>
	copyMade("database", folder, async () => await (await openDatabase(folder, [])).close());
