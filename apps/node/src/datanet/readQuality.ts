// What the checks said of all that was ever offered to a datanet, which rows are copies of which, and how its answers are spread. Reads only.

import { type LabelBalance, labelBalance } from "@openledger/datanet";
import type { Hex } from "@openledger/protocol";
import { and, count, desc, eq, gt, inArray, isNull, ne, sql } from "drizzle-orm";
import { contributions, rejectedRows, rows } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { keptRows } from "./keepContribution.js";
import { openRow } from "./sealedRows.js";
import { type IntakeRecord, readIntake } from "./takeIn.js";

export type Quality = {
	readonly offered: number;
	readonly accepted: number;
	readonly rejected: number;
	/** Summed over all contributions. */
	readonly checks: readonly {
		readonly name: string;
		readonly passed: number;
		readonly flagged: number;
		readonly rejected: number;
	}[];
	readonly codes: readonly { readonly code: string; readonly rows: number }[];
	readonly copies: {
		readonly exact: number;
		readonly near: number;
		/** The latest that were refused. */
		readonly refused: readonly {
			readonly contributor: string;
			readonly line: number;
			readonly code: string;
			readonly reason: string;
		}[];
		/** Rows that were taken and say the same: paid once among them. The largest. */
		readonly clusters: readonly {
			readonly cluster: number;
			readonly rows: number;
			readonly example: { readonly row: number; readonly prompt: string; readonly response: string } | undefined;
		}[];
	};
	/** Of the rows that are there now. */
	readonly balance: LabelBalance;
};

const SHOWN = 50;
const COPIES = ["duplicate", "near-duplicate"] as const;
const balances = new Map<string, LabelBalance>();
const MAX_BALANCES = 64;

export async function readQuality(parts: NodeParts, datanetId: Hex): Promise<Quality> {
	const { db } = parts;
	const offered = await db
		.select({ id: contributions.id, offered: contributions.offeredRows, accepted: contributions.acceptedRows })
		.from(contributions)
		.where(eq(contributions.datanetId, datanetId));
	const codes = await db
		.select({ code: rejectedRows.code, rows: count() })
		.from(rejectedRows)
		.innerJoin(contributions, eq(rejectedRows.contributionId, contributions.id))
		.where(eq(contributions.datanetId, datanetId))
		.groupBy(rejectedRows.code);
	const refused = await db
		.select({
			contributor: contributions.contributorName,
			line: rejectedRows.line,
			code: rejectedRows.code,
			reason: rejectedRows.reason,
		})
		.from(rejectedRows)
		.innerJoin(contributions, eq(rejectedRows.contributionId, contributions.id))
		.where(and(eq(contributions.datanetId, datanetId), inArray(rejectedRows.code, [...COPIES])))
		.orderBy(desc(contributions.sequence), desc(rejectedRows.place))
		.limit(SHOWN);
	const counted = (code: string) => codes.find((one) => one.code === code)?.rows ?? 0;
	const records = offered.flatMap(({ id }) => readIntake(parts, id) ?? []);
	return {
		offered: offered.reduce((sum, one) => sum + one.offered, 0),
		accepted: offered.reduce((sum, one) => sum + one.accepted, 0),
		rejected: codes.reduce((sum, one) => sum + one.rows, 0),
		checks: summed(records),
		codes: codes.sort((a, b) => b.rows - a.rows || (a.code < b.code ? -1 : 1)),
		copies: {
			exact: counted("duplicate"),
			near: counted("near-duplicate"),
			refused,
			clusters: await largestClusters(parts, datanetId),
		},
		balance: await balanceOf(parts, datanetId),
	};
}

function summed(records: readonly IntakeRecord[]): Quality["checks"] {
	const sums = new Map<string, { name: string; passed: number; flagged: number; rejected: number }>();
	for (const { checks } of records) {
		for (const { name, passed, flagged, rejected } of checks) {
			const sum = sums.get(name) ?? { name, passed: 0, flagged: 0, rejected: 0 };
			sum.passed += passed;
			sum.flagged += flagged;
			sum.rejected += rejected;
			sums.set(name, sum);
		}
	}
	return [...sums.values()];
}

async function largestClusters(parts: NodeParts, datanetId: Hex): Promise<Quality["copies"]["clusters"]> {
	const found = await parts.db
		.select({ cluster: rows.cluster, n: count(), first: sql<number>`min(${rows.position})` })
		.from(rows)
		.innerJoin(contributions, eq(rows.contributionId, contributions.id))
		.where(and(eq(rows.datanetId, datanetId), ne(contributions.status, "rejected"), isNull(rows.erasedAt)))
		.groupBy(rows.cluster)
		.having(gt(count(), 1))
		.orderBy(desc(count()), rows.cluster)
		.limit(SHOWN);
	const firsts = found.map(({ first }) => first);
	const stored =
		firsts.length === 0
			? []
			: await parts.db
					.select()
					.from(rows)
					.where(and(eq(rows.datanetId, datanetId), inArray(rows.position, firsts)));
	return found.map(({ cluster, n, first }) => {
		const row = stored.find(({ position }) => position === first);
		const said = row && openRow(parts, row)?.row;
		return { cluster, rows: n, example: said && { row: first, prompt: said.prompt, response: said.response } };
	});
}

/** All rows are opened for it, so it is kept as long as no row comes or goes. */
async function balanceOf(parts: NodeParts, datanetId: Hex): Promise<LabelBalance> {
	const [state] = await parts.db
		.select({ n: count(), last: sql`max(${rows.position})`, erased: sql`count(${rows.erasedAt})` })
		.from(rows)
		.innerJoin(contributions, eq(rows.contributionId, contributions.id))
		.where(and(eq(rows.datanetId, datanetId), ne(contributions.status, "rejected")));
	const name = [parts.home, datanetId, state!.n, state!.last, state!.erased].join(" ");
	const known = balances.get(name);
	if (known !== undefined) return known;
	if (balances.size >= MAX_BALANCES) balances.clear();
	const balance = labelBalance((await keptRows(parts, datanetId)).map(({ response }) => response));
	balances.set(name, balance);
	return balance;
}
