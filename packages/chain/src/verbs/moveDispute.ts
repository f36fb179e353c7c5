// One move of a party in a dispute. It must not know which move is wise.
import { DISPUTE_PHASES, type DisputeMove } from "@openledger/protocol";
import type { Hex, LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { disputesAbi } from "../generated/index.js";
import { type Dispute, readDispute } from "../reads/readDispute.js";

/** Makes a move, unless it was made: sends nothing where the dispute has gone past it. */
export async function moveDispute(
	ledger: Ledger,
	party: LocalAccount,
	disputeId: Hex,
	move: DisputeMove,
): Promise<Done<object>> {
	const { sent } = await once(
		async () => {
			const dispute = await readDispute(ledger, disputeId);
			return dispute !== undefined && isPast(dispute, move) ? true : undefined;
		},
		() => send(ledger, party, disputeId, move),
	);
	return { sent };
}

/** A place is shown and answered once; where two parts of a game ask for the same phase, the place tells which. */
function isPast({ phase, links, ops }: Dispute, move: DisputeMove): boolean {
	if (phase === move.kind) {
		if (!("index" in move)) return false;
		const { low, high } = move.kind.endsWith("Link") ? links : ops;
		return move.index !== Math.floor((low + high) / 2);
	}
	const order: readonly string[] = DISPUTE_PHASES;
	const [now, then] = [order.indexOf(phase), order.indexOf(move.kind)];
	if (now === -1) return true;
	// Within one part the two phases take turns: the other's turn on the same place means that this move was made.
	if (move.kind === "showLink" && phase === "answerLink") return true;
	if (move.kind === "answerLink" && phase === "showLink") return true;
	if (move.kind === "answerEntry" && phase === "showEntry") return true;
	return now > then;
}

function send(ledger: Ledger, party: LocalAccount, id: Hex, move: DisputeMove) {
	const to = { address: ledger.addresses.disputes, abi: disputesAbi } as const;
	switch (move.kind) {
		case "showLink":
			return writeContract(ledger, party, {
				...to,
				functionName: "showLink",
				args: [id, move.index, move.link, move.proof],
			});
		case "answerLink":
			return writeContract(ledger, party, { ...to, functionName: "answerLink", args: [id, move.index, move.agrees] });
		case "showTrace":
			return writeContract(ledger, party, { ...to, functionName: "showTrace", args: [id, move.claim] });
		case "showEntry":
			return writeContract(ledger, party, {
				...to,
				functionName: "showEntry",
				args: [id, move.index, move.entry, move.proof],
			});
		case "answerEntry":
			return writeContract(ledger, party, { ...to, functionName: "answerEntry", args: [id, move.index, move.agrees] });
		case "claimEntry":
			return writeContract(ledger, party, { ...to, functionName: "claimEntry", args: [id, move.entry] });
	}
}
