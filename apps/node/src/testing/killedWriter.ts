// A process that writes rows without end and tells of each one that is committed: `node killedWriter FOLDER`. Only tests start it.

import { openDatabase } from "../database/openDatabase.js";

const [, , folder] = process.argv;
if (folder !== undefined) {
	const { db } = await openDatabase(folder);
	for (let i = 0; ; i++) {
		await db.execute(`insert into wallets values ('${i}', '${i}')`);
		process.stdout.write(`${i}\n`);
	}
}
