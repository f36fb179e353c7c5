import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { newDatabase } from "../testing/newDatabase.js";
import { openDatabase } from "./openDatabase.js";
import { parted } from "./parted.js";
import { shares } from "./schema.js";

test("default: more rows than one statement takes, all or none", async () => {
	const folder = mkdtempSync(join(tmpdir(), "openledger-parted-"));
	await newDatabase(join(folder, "database"));
	const { db, close } = await openDatabase(join(folder, "database"));
	// Shares without their receipts.
	await db.execute(sql`set session_replication_role = replica`);
	const leaves = Array.from({ length: 20_000 }, (_, row) => ({
		receiptId: `0x${"11".repeat(32)}` as const,
		row,
		contributor: `0x${"22".repeat(20)}` as const,
		sharePpm: 50,
	}));
	await expect(db.insert(shares).values(leaves)).rejects.toThrow();
	expect(await db.$count(shares)).toBe(0);
	await db.transaction(async (tx) => {
		for (const part of parted(leaves)) await tx.insert(shares).values(part);
	});
	expect(await db.$count(shares)).toBe(20_000);
	await close();
	rmSync(folder, { recursive: true });
});
