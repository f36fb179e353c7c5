// The whole ledger as tables of plain values in one canonical order, with one hash over all of it. Whoever has the same facts has the same
// bytes. It must not know where the facts come from.

import { createHash } from "node:crypto";
import type { ModelParams } from "@openledger/chain";
import {
	type Address,
	type CountedScore,
	canonicalJson,
	type Hex,
	type Receipt,
	receiptId,
	receiptToJson,
} from "@openledger/protocol";
import type { EpochBlob } from "@openledger/rollup";
import { paramsToJson } from "../model/modelParams.js";

export const TABLES = [
	...["datanets", "contributions", "snapshots", "models"],
	...["epochs", "receipts", "shares", "scores", "earnings", "claims"],
] as const;
export type TableName = (typeof TABLES)[number];

/** A row in canonical JSON, with the key that orders it and names it to people. */
export type StateRow = { readonly key: string; readonly text: string };
export type LedgerState = { readonly [name: string]: readonly StateRow[] };

export type StateBuilder = {
	datanet(it: { readonly id: Hex; readonly name: string; readonly termsHash: Hex; readonly licence: string }): void;
	contribution(it: {
		readonly id: Hex;
		readonly datanetId: Hex;
		readonly contributor: Address;
		readonly rowsRoot: Hex;
		readonly offeredRows: number;
		readonly acceptedRows: number;
		readonly status: string;
	}): void;
	snapshot(it: {
		readonly datanetId: Hex;
		readonly version: number;
		readonly root: Hex;
		readonly rowCount: number;
	}): void;
	model(id: Hex, params: ModelParams): void;
	/** Everything that an epoch's data says. */
	epoch(blob: EpochBlob, said: EpochFacts): void;
	/** All that an account has claimed. */
	claim(account: Address, claimedWei: bigint): void;
	done(): LedgerState;
};

export type EpochFacts = {
	readonly status: "proposed" | "active";
	readonly receiptsRoot: Hex;
	readonly earningsRoot: Hex;
	readonly totalWei: bigint;
	readonly dataRoot: Hex;
	readonly dataChunks: number;
	readonly certificate: Hex;
};

export function buildState(): StateBuilder {
	const tables = new Map<string, StateRow[]>(TABLES.map((name) => [name, []]));
	const add = (table: TableName, key: readonly (string | number | bigint)[], row: object) => {
		tables.get(table)!.push({ key: key.map(ordered).join(" "), text: canonicalJson(row) });
	};
	return {
		datanet: ({ id, name, termsHash, licence }) => add("datanets", [id], { id, name, termsHash, licence }),
		contribution: ({ id, datanetId, contributor, rowsRoot, offeredRows, acceptedRows, status }) =>
			add("contributions", [id], {
				...{ id, datanetId, contributor: lower(contributor), rowsRoot, offeredRows, acceptedRows, status },
			}),
		snapshot: ({ datanetId, version, root, rowCount }) =>
			add("snapshots", [datanetId, version], { datanetId, version, root, rowCount }),
		model: (id, params) => add("models", [id], { id, params: plainParams(params) }),
		epoch(blob, said) {
			const epoch = Number(blob.epoch);
			const { closedAt, erased, pool } = blob;
			add("epochs", [epoch], {
				...{ ...said, epoch, totalWei: `${said.totalWei}`, closedAt: `${closedAt}`, pool: lower(pool) },
				erased: erased.map(({ snapshotRoot, row, commitment }) => ({ snapshotRoot, row, commitment })),
			});
			for (const [place, { receipt, signature, counted }] of blob.receipts.entries())
				addReceipt(add, { epoch, place, receipt, signature, counted });
			for (const { account, cumulativeWei } of blob.earnings)
				add("earnings", [epoch, account], { epoch, account: lower(account), cumulativeWei: `${cumulativeWei}` });
		},
		claim: (account, claimedWei) =>
			add("claims", [lower(account)], { account: lower(account), claimedWei: `${claimedWei}` }),
		done() {
			for (const rows of tables.values()) rows.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
			return Object.fromEntries(tables);
		},
	};
}

type Add = (table: TableName, key: readonly (string | number | bigint)[], row: object) => void;
type PlacedReceipt = {
	readonly epoch: number;
	readonly place: number;
	readonly receipt: Receipt;
	readonly signature: Hex;
	readonly counted: readonly CountedScore[];
};

function addReceipt(add: Add, { epoch, place, receipt, signature, counted }: PlacedReceipt): void {
	const id = receiptId(receipt);
	add("receipts", [epoch, place], { id, epoch, place, receipt: receiptToJson(receipt), signature });
	for (const { row, contributor, score, sharePpm } of counted) {
		const who = lower(contributor);
		add("scores", [id, row], { receiptId: id, row, contributor: who, score: `${score}`, sharePpm });
		if (sharePpm > 0) add("shares", [id, row], { receiptId: id, row, contributor: who, sharePpm });
	}
}

/** SHA-256 over all tables: name, number of rows, rows, each on a line. */
export function stateHash(state: LedgerState): Hex {
	const hash = createHash("sha256");
	hash.update("openledger/ledger/v1\n");
	for (const name of TABLES) {
		const rows = state[name] ?? [];
		hash.update(`${name} ${rows.length}\n`);
		for (const { text } of rows) hash.update(`${text}\n`);
	}
	return `0x${hash.digest("hex")}`;
}

export type Difference = {
	readonly table: string;
	readonly key: string;
	readonly one?: string;
	readonly other?: string;
};

/** The first row, in the tables' order, that one state has otherwise than the other; undefined if they are equal. */
export function firstDifference(one: LedgerState, other: LedgerState): Difference | undefined {
	for (const table of TABLES) {
		const [a, b] = [one[table] ?? [], other[table] ?? []];
		for (let i = 0; i < Math.max(a.length, b.length); i++) {
			const [x, y] = [a[i], b[i]];
			if (x?.text === y?.text) continue;
			const key = x === undefined || (y !== undefined && y.key < x.key) ? y!.key : x.key;
			return {
				...{ table, key },
				...(x?.key === key && { one: x.text }),
				...(y?.key === key && { other: y.text }),
			};
		}
	}
	return undefined;
}

/** Rows by table. */
export function countRows(state: LedgerState): Readonly<Record<string, number>> {
	return Object.fromEntries(TABLES.map((name) => [name, state[name]?.length ?? 0]));
}

/** The parameters alone, whatever else came with them; addresses in lower case. */
function plainParams(params: ModelParams): object {
	const { name, version, baseDigest, engineId, runCommitment, runHistoryRoot, adapterDigest, featuresRoot } = params;
	const { rates, split, snapshots, node, stakers } = paramsToJson(params);
	const { contributorsPpm, ownerPpm, nodePpm, stakersPpm, treasuryPpm } = split;
	return {
		...{ name, version, baseDigest, engineId, runCommitment, runHistoryRoot, adapterDigest, featuresRoot },
		rates: { platformWei: rates.platformWei, inWeiPer1000: rates.inWeiPer1000, outWeiPer1000: rates.outWeiPer1000 },
		split: { contributorsPpm, ownerPpm, nodePpm, stakersPpm, treasuryPpm },
		snapshots: snapshots.map((it) => ({ datanetId: it.datanetId, version: it.version, root: it.root })),
		...{ node: lower(node), stakers: lower(stakers) },
	};
}

/** Numbers so that their texts sort as they do. */
const ordered = (part: string | number | bigint) => (typeof part === "string" ? part : `${part}`.padStart(20, "0"));
const lower = (account: Address) => account.toLowerCase() as Address;
