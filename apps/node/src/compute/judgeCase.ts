// A juror's part in a dispute over a run: compute the one op, write the vote down, commit to it, reveal it. It must not know whose money it is.

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { commitVote, readCase, readJurors, readRun, readVote, revealVote } from "@openledger/chain";
import { readIfThere, writeDurably } from "@openledger/factory";
import { bytesToHex, type Hex } from "@openledger/protocol";
import { judge } from "./books.js";
import { gameOf } from "./gameOf.js";
import type { JobShelf } from "./jobShelf.js";
import type { SeenDispute } from "./lookOut.js";
import { openSubmission } from "./openSubmission.js";
import type { Workplace } from "./workplace.js";

type Vote = { readonly choice: 1 | 2; readonly salt: Hex };

/**
 * Does what is due of the case that a dispute has called; nothing where the account is no juror of it. `now` in seconds of the chain. Of a moot
 * dispute every vote is right, and only staying away is charged: nothing is computed.
 */
export async function judgeCase(
	place: Workplace,
	shelf: JobShelf,
	dispute: SeenDispute,
	now: number,
	{ isMoot = false }: { readonly isMoot?: boolean } = {},
): Promise<void> {
	const { ledger, account, log } = place;
	const caseId = dispute.juryCase;
	const [found, jurors] = await Promise.all([readCase(ledger, caseId), readJurors(ledger, caseId)]);
	const me = account.address.toLowerCase();
	if (found === undefined || !jurors.some((juror) => juror.toLowerCase() === me)) return;
	const isOpen = found.phase === "committing" && now <= found.commitEnds;
	const isRevealing = found.phase === "revealing" || (found.phase === "committing" && now > found.commitEnds);
	if (!isOpen && !isRevealing) return;
	const { commitment, choice } = await readVote(ledger, caseId, account.address);
	if (isOpen && BigInt(commitment) === 0n) {
		const vote = await castVote(place, shelf, dispute, isMoot);
		await commitVote(ledger, account, { caseId, ...vote });
		log(`case ${caseId}: voted on op ${dispute.ops.low} after link ${dispute.links.low}`);
	}
	if (isRevealing && BigInt(commitment) !== 0n && choice === 0) {
		const vote = await writtenVote(place, caseId);
		if (vote === undefined)
			throw new Error(`case ${caseId}: the vote's salt is gone from ${place.home}; restore the folder`);
		await revealVote(ledger, account, { caseId, ...vote });
		log(`case ${caseId}: ${vote.choice === 1 ? "the trainer" : "the challenger"} is right`);
	}
}

/** Computes a vote once, and writes it down before anybody hears of it. */
async function castVote(place: Workplace, shelf: JobShelf, dispute: SeenDispute, isMoot: boolean): Promise<Vote> {
	const known = await writtenVote(place, dispute.juryCase);
	if (known !== undefined) return known;
	const choice = isMoot ? 1 : await computeVote(place, shelf, dispute);
	const vote: Vote = { choice, salt: bytesToHex(randomBytes(32)) };
	await writeDurably(voteFile(place, dispute.juryCase), JSON.stringify(vote));
	return vote;
}

async function computeVote(place: Workplace, shelf: JobShelf, dispute: SeenDispute): Promise<Vote["choice"]> {
	return await shelf.use(dispute.jobId, async ({ replay }) => {
		const run = await readRun(place.ledger, dispute.jobId);
		const reader = await openSubmission(place, replay, dispute.jobId, run);
		return await judge({ replay, reader, signal: place.signal }, gameOf(dispute));
	});
}

async function writtenVote(place: Workplace, caseId: bigint): Promise<Vote | undefined> {
	const bytes = await readIfThere(voteFile(place, caseId));
	return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Vote);
}

const voteFile = ({ home }: Workplace, caseId: bigint) => join(home, "votes", `${caseId}.json`);
