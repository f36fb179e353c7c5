import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getTableColumns, getTableName, is } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import { afterAll, expect, inject, test } from "vitest";
import { newDatabase } from "../testing/newDatabase.js";
import { MIGRATIONS } from "./migrations.js";
import { openDatabase } from "./openDatabase.js";
import * as schema from "./schema.js";

const folder = mkdtempSync(join(tmpdir(), "openledger-database-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("default: after all migrations the tables are what the schema says, column by column", async () => {
	const path = join(folder, "migrated");
	await newDatabase(path);
	const { db, close } = await openDatabase(path);
	for (const table of Object.values(schema).filter((it) => is(it, PgTable))) {
		const { rows } = await db.execute<{ column_name: string; is_nullable: string }>(
			`select column_name, is_nullable from information_schema.columns where table_name = '${getTableName(table)}'`,
		);
		const found = rows.map((row) => `${row.column_name} ${row.is_nullable === "NO"}`).sort();
		const wanted = Object.values(getTableColumns(table)).map(
			(column) => `${column.name} ${column.notNull || column.primary}`,
		);
		expect(found).toEqual(wanted.sort());
		await db.select().from(table as typeof schema.wallets);
	}
	await close();
});

test("behavior: a database of a newer program is refused", async () => {
	const path = join(folder, "newer");
	await newDatabase(path);
	const newer = [...MIGRATIONS, { id: 999, name: "from the future", sql: "create table later (id integer)" }];
	await (await openDatabase(path, newer)).close();
	await expect(openDatabase(path)).rejects.toMatchObject({ code: "database/too-new" });
});

test("behavior: what a killed process had committed is there", async () => {
	const path = join(folder, "killed");
	await newDatabase(path);
	const program = inject("programs")["apps/node/src/testing/killedWriter.ts"];
	const writer = spawn(process.execPath, [program, path], { stdio: ["ignore", "pipe", "inherit"] });
	let told = "";
	await new Promise<void>((done) => {
		writer.stdout.on("data", (text) => {
			told += text;
			if (told.split("\n").length > 300 && !writer.killed) writer.kill("SIGKILL");
		});
		writer.once("exit", () => done());
	});
	const last = Number(told.split("\n").at(-2));
	const { db, close } = await openDatabase(path);
	const kept = await db.select().from(schema.wallets);
	await close();
	expect(last).toBeGreaterThan(250);
	expect(kept.length).toBeGreaterThanOrEqual(last + 1);
});
