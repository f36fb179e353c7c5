// Rows that lie in memories which a scan team shares: appended to at the end, while older ones are scanned.

import { TransientError } from "@openledger/protocol";
import { FeatureError } from "./errors.js";
import { createScanMemory, MAXIMUM_PAGES, PAGE_BYTES } from "./scanKernels.js";
import { SLACK_BYTES } from "./scanLayout.js";
import type { ScanPart } from "./scanMember.js";
import type { ScanTeam } from "./scanTeam.js";

export interface ResidentRows {
	rows(): number;
	/** What a scan of all rows that are there now goes over. */
	parts(): readonly ScanPart[];
	/** Room for so many bytes of records at the end, to be filled at once; then `added` makes its rows visible. */
	room(bytes: number): Uint8Array;
	added(rows: number): void;
}

interface Shard {
	readonly memory: WebAssembly.Memory;
	readonly index: number;
	readonly first: number;
	rows: number;
}

export const MEMORY_BYTES = MAXIMUM_PAGES * PAGE_BYTES;

/** Memories grow to `memoryBytes` each, at most 4 GiB; throws `features/too-large` where not one row fits. */
export function createResidentRows(team: ScanTeam, { memoryBytes = 2 ** 30 } = {}): ResidentRows {
	const { stride, recordsAt, rowsIn } = team.layout;
	const capacity = rowsIn(memoryBytes);
	if (!(memoryBytes <= MEMORY_BYTES) || capacity < 1)
		throw new FeatureError(
			"features/too-large",
			`memories of ${memoryBytes} bytes; ${recordsAt + SLACK_BYTES + stride} to ${MEMORY_BYTES} are right`,
		);
	const shards: Shard[] = [];

	function last(): Shard {
		const end = shards.at(-1);
		if (end !== undefined && end.rows < capacity) return end;
		const memory = orOutOfMemory(() => createScanMemory(recordsAt, memoryBytes));
		const shard = { memory, index: team.share(memory), first: (end?.first ?? 0) + (end?.rows ?? 0), rows: 0 };
		shards.push(shard);
		return shard;
	}

	return {
		rows: () => shards.reduce((sum, { rows }) => sum + rows, 0),
		parts: () => shards.map(({ index, first, rows }) => ({ first, rows, from: { memory: index }, at: recordsAt })),
		room(bytes) {
			const shard = last();
			const at = recordsAt + shard.rows * stride;
			const taken = Math.min(bytes, (capacity - shard.rows) * stride);
			const pages = Math.ceil((at + taken + SLACK_BYTES) / PAGE_BYTES) - shard.memory.buffer.byteLength / PAGE_BYTES;
			if (pages > 0) orOutOfMemory(() => shard.memory.grow(pages));
			return new Uint8Array(shard.memory.buffer, at, taken);
		},
		added(rows) {
			last().rows += rows;
		},
	};
}

function orOutOfMemory<Result>(take: () => Result): Result {
	try {
		return take();
	} catch (cause) {
		if (!(cause instanceof RangeError)) throw cause;
		throw new TransientError("the machine has no memory left for rows; search them from the files (resident: false)", {
			code: "features/out-of-memory",
			cause,
		});
	}
}
