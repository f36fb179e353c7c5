// The ledger as this node's database has it: what is on chain, or proposed to it. Reads only; it asks no chain.

import type { Address } from "@openledger/protocol";
import { asc, eq, inArray, ne } from "drizzle-orm";
import { claims, contributions, datanets, epochs, models, snapshots } from "../database/schema.js";
import { paramsFromJson } from "../model/modelParams.js";
import type { NodeParts } from "../parts.js";
import { readEpochBlob } from "../settlement/epochData.js";
import { buildState, type LedgerState } from "./ledgerState.js";

export async function databaseLedger(parts: NodeParts): Promise<LedgerState> {
	const { db } = parts;
	const state = buildState();
	for (const it of await db.select().from(datanets).where(eq(datanets.status, "created"))) state.datanet(it);
	const offered = await db
		.select()
		.from(contributions)
		.innerJoin(datanets, eq(contributions.datanetId, datanets.id))
		.where(ne(contributions.status, "stored"));
	for (const { contributions: it, datanets: by } of offered) {
		// What this node would not keep itself, it asks no committee about: that never was on chain.
		if (it.status === "rejected" && it.acceptedRows === 0 && by.rule !== "owner") continue;
		const status = it.status === "offered" ? "pending" : it.status;
		state.contribution({ ...it, status, acceptedRows: status === "accepted" ? it.acceptedRows : 0 });
	}
	for (const it of await db.select().from(snapshots).where(eq(snapshots.status, "published"))) state.snapshot(it);
	for (const { id, params } of await db.select().from(models).where(eq(models.status, "published")))
		state.model(id, paramsFromJson(params));
	const settled = await db
		.select()
		.from(epochs)
		.where(inArray(epochs.status, ["proposed", "active"]))
		.orderBy(asc(epochs.epoch));
	for (const it of settled) {
		state.epoch(await readEpochBlob(parts, it.epoch), {
			status: it.status as "proposed" | "active",
			...{ receiptsRoot: it.receiptsRoot!, earningsRoot: it.earningsRoot!, totalWei: it.totalWei! },
			...{ dataRoot: it.dataRoot!, dataChunks: it.dataChunks!, certificate: it.certificate! },
		});
	}
	const paid = new Map<Address, bigint>();
	// Each claim raises the one before.
	for (const { account, cumulativeWei } of await db.select().from(claims).orderBy(asc(claims.cumulativeWei)))
		paid.set(account, cumulativeWei);
	for (const [account, wei] of paid) state.claim(account, wei);
	return state.done();
}
