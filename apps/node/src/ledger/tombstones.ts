// Rows that were erased, as the chain tells it: by commitment, with the time. It must not know what they said.

import { type Ledger, type LedgerEvent, readEvents } from "@openledger/chain";
import type { Hex } from "@openledger/protocol";

/** Chain time of each erased row's tombstone, in seconds, by the row's commitment. */
export type Tombstones = ReadonlyMap<Hex, bigint>;

/** Reads the times of the tombstones among events; of all that there are by default. */
export async function readTombstones(ledger: Ledger, events?: readonly LedgerEvent[]): Promise<Tombstones> {
	const all = events ?? (await readEvents(ledger, { contracts: ["datanetRegistry"] }));
	const times = new Map<bigint, bigint>();
	const found = new Map<Hex, bigint>();
	for (const { name, args, blockNumber } of all) {
		if (name !== "Tombstone") continue;
		const known = times.get(blockNumber);
		const time = known ?? (await ledger.client.publicClient.getBlock({ blockNumber })).timestamp;
		times.set(blockNumber, time);
		found.set(args.rowCommitment as Hex, time);
	}
	return found;
}

/** Whether a row earns nothing in the epoch after one that closed at `closedAt`: accrual stops from the next epoch. */
export function isErased(tombstones: Tombstones, commitment: Hex, closedAt: bigint | undefined): boolean {
	const time = tombstones.get(commitment);
	return time !== undefined && closedAt !== undefined && time <= closedAt;
}
