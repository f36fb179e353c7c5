// Postgres in this process, on disk, brought up to the newest migration. It must not know what the tables mean.

import { chmodSync, mkdirSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { CallerError } from "@openledger/protocol";
import { drizzle, type PgliteDatabase } from "drizzle-orm/pglite";
import { MIGRATIONS, type Migration } from "./migrations.js";
import * as schema from "./schema.js";

export type Database = PgliteDatabase<typeof schema>;
export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];
export type OpenedDatabase = { readonly db: Database; close(): Promise<void> };

/** Opens or makes the database in `folder`; throws `database/too-new` for a newer program's. */
export async function openDatabase(folder: string, migrations = MIGRATIONS): Promise<OpenedDatabase> {
	// Its files are open to everybody by their own rights; the folder must not be, wherever the home stands.
	mkdirSync(folder, { recursive: true });
	chmodSync(folder, 0o700);
	// Not relaxed: a commit that was acknowledged is with the operating system, so a killed process loses none.
	const client = await PGlite.create({ dataDir: folder, relaxedDurability: false });
	try {
		await migrate(client, migrations);
	} catch (error) {
		await client.close();
		throw error;
	}
	return { db: drizzle(client, { schema }), close: () => client.close() };
}

async function migrate(client: PGlite, migrations: readonly Migration[]): Promise<void> {
	await client.exec("create table if not exists migrations (id integer primary key, name text not null)");
	const { rows } = await client.query<{ id: number }>("select id from migrations order by id");
	const done = new Set(rows.map((row) => row.id));
	const newest = migrations.at(-1)?.id ?? 0;
	const unknown = rows.find(({ id }) => id > newest);
	if (unknown !== undefined) {
		throw new CallerError(
			`the database has migration ${unknown.id}, this program knows up to ${newest}; use the newer program`,
			{ code: "database/too-new" },
		);
	}
	for (const { id, name, sql } of migrations) {
		if (done.has(id)) continue;
		await client.transaction(async (tx) => {
			await tx.exec(sql);
			await tx.query("insert into migrations (id, name) values ($1, $2)", [id, name]);
		});
	}
}
