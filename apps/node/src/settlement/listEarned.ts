// An account's earnings as people ask for them: by row, and answer by answer. Reads only.

import type { Address, Hex } from "@openledger/protocol";
import type { NodeParts } from "../parts.js";
import { type EarnedLine, readEarned } from "./readEarned.js";
import { type FoundRow, openRowFinder } from "./snapshotRows.js";

export type EarnedRow = Omit<FoundRow, "model"> & {
	readonly wei: bigint;
	/** Of that, by answers that no epoch has taken in yet. */
	readonly unsettledWei: bigint;
	/** How many answers paid it, and the last of them, Unix seconds. */
	readonly answers: number;
	readonly lastAt: number;
};

export type EarnedRows = {
	/** Largest first. */
	readonly rows: readonly EarnedRow[];
	/** How many rows earned something. */
	readonly count: number;
	/** How many answers were looked through, and whether those are all. */
	readonly answers: number;
	readonly isComplete: boolean;
};

export type EarnedAnswer = {
	readonly sequence: number;
	readonly receiptId: Hex;
	readonly model: string;
	readonly epoch: number | null;
	readonly answeredAt: number;
	readonly sharePpm: number;
	readonly wei: bigint;
	readonly rows: number;
};

/** What a sum over rows looks through, the newest answers first. */
const MOST_ANSWERS = 5000;

/** What each row of an account earned, in its newest 5,000 answers. What no row earned (of the pool) is one row without text. */
export async function listEarnedRows(parts: NodeParts, account: Address, limit: number): Promise<EarnedRows> {
	const find = await openRowFinder(parts);
	const sums = new Map<string, EarnedRow>();
	let answers = 0;
	let last: number | undefined;
	let isComplete = true;
	for await (const line of readEarned(parts, account, { newestFirst: true })) {
		if (line.sequence !== last) {
			if (answers === MOST_ANSWERS) {
				isComplete = false;
				break;
			}
			answers++;
			last = line.sequence;
		}
		const { model: _, ...row } = await find(line);
		const key = row.commitment ?? (line.row === null ? "pool" : `${row.datanetId} ${line.row}`);
		const sum = sums.get(key) ?? { ...row, wei: 0n, unsettledWei: 0n, answers: 0, lastAt: line.answeredAt };
		sums.set(key, {
			...sum,
			wei: sum.wei + line.wei,
			unsettledWei: sum.unsettledWei + (line.epoch === null ? line.wei : 0n),
			answers: sum.answers + 1,
		});
	}
	const rows = [...sums.values()].sort((a, b) => (a.wei === b.wei ? b.lastAt - a.lastAt : a.wei > b.wei ? -1 : 1));
	return { rows: rows.slice(0, limit), count: rows.length, answers, isComplete };
}

export type ListEarnedAnswers = {
	readonly limit: number;
	readonly before?: number | undefined;
	/** Only those that this row had a part in, by its commitment. */
	readonly row?: Hex | undefined;
};

/** Answers that paid an account, the newest first. */
export async function listEarnedAnswers(
	parts: NodeParts,
	account: Address,
	{ limit, before, row }: ListEarnedAnswers,
): Promise<EarnedAnswer[]> {
	const find = await openRowFinder(parts);
	const found: EarnedAnswer[] = [];
	let looked = 0;
	for await (const line of readEarned(parts, account, { newestFirst: true, before })) {
		const { model, commitment } = await find(row === undefined ? { ...line, row: null } : line);
		if (row !== undefined && commitment !== row) {
			if (++looked > MOST_ANSWERS * 64) break;
			continue;
		}
		const known = found.at(-1);
		if (known?.receiptId === line.receiptId) found[found.length - 1] = added(known, line);
		else if (found.length === limit) break;
		else {
			const { sequence, receiptId, epoch, answeredAt, sharePpm, wei } = line;
			found.push({ sequence, receiptId, model, epoch, answeredAt, sharePpm, wei, rows: 1 });
		}
	}
	return found;
}

function added(answer: EarnedAnswer, { sharePpm, wei }: EarnedLine): EarnedAnswer {
	return { ...answer, sharePpm: answer.sharePpm + sharePpm, wei: answer.wei + wei, rows: answer.rows + 1 };
}
