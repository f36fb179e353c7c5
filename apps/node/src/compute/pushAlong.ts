// What anybody may do so that a dispute goes on to its end: draw and count its jury, take the verdict, let who stays silent lose. Each is
// looked at first, so that several who push do not get in each other's way.

import {
	closeDispute,
	countCase,
	type Dispute,
	drawJury,
	type JuryCase,
	readCase,
	resolveDispute,
	timeOutDispute,
} from "@openledger/chain";
import type { SeenDispute } from "./lookOut.js";
import type { Workplace } from "./workplace.js";

const PLAYED: readonly Dispute["phase"][] = [
	"showLink",
	"answerLink",
	"showTrace",
	"showEntry",
	"answerEntry",
	"claimEntry",
];

/** `now` in seconds of the chain. */
export async function pushAlong({ ledger, account }: Workplace, dispute: SeenDispute, now: number): Promise<void> {
	const { disputeId, phase, deadline, juryCase } = dispute;
	if (PLAYED.includes(phase) && now > deadline) await timeOutDispute(ledger, account, { disputeId });
	if (phase === "verdict" && now > deadline) await resolveDispute(ledger, account, { disputeId });
	if (phase !== "jury") return;
	const found = await readCase(ledger, juryCase);
	if (found === undefined) return;
	if (found.phase === "drawing") await drawJury(ledger, account, { caseId: juryCase });
	else if (found.phase === "counted" || found.phase === "settled") await resolveDispute(ledger, account, { disputeId });
	else if (mayCount(found, now)) await countCase(ledger, account, { caseId: juryCase });
	else if (now > deadline) await resolveDispute(ledger, account, { disputeId });
}

/**
 * Ends a dispute whose run has fallen otherwise, but only once its jury is counted: jurors who were drawn are paid and let go when it ends, and
 * nobody looks at it again afterwards.
 */
export async function closeMoot({ ledger, account }: Workplace, dispute: SeenDispute, now: number): Promise<void> {
	const { disputeId, phase, juryCase } = dispute;
	const found = phase === "jury" ? await readCase(ledger, juryCase) : undefined;
	if (found?.phase === "drawing") await drawJury(ledger, account, { caseId: juryCase });
	else if (found !== undefined && mayCount(found, now)) await countCase(ledger, account, { caseId: juryCase });
	else if (found === undefined || found.phase === "counted" || found.phase === "settled")
		await closeDispute(ledger, account, { disputeId });
}

/** Once all who committed have revealed, or the time is over. The chain's view of the phase may be as old as its last block. */
function mayCount({ phase, committed, revealed, commitEnds, revealEnds }: JuryCase, now: number): boolean {
	const isRevealing = phase === "revealing" || (phase === "committing" && now > commitEnds);
	return isRevealing && (now > revealEnds || (committed > 0 && revealed === committed));
}
