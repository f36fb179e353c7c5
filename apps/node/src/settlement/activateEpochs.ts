// Lets proposed roots pay, in order, once their challenge time is over, and notes those that fell. Looks at the chain first: anybody may
// have activated them, and a chain that took blocks back may have forgotten that they were.

import {
	activateRoot,
	ContractError,
	dropRoot,
	lockRootBond,
	mendReorg,
	readLatestEpoch,
	readRoot,
} from "@openledger/chain";
import type { RootProposal } from "@openledger/protocol";
import { and, asc, eq, gt, gte, inArray } from "drizzle-orm";
import { epochs } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { answerDemands } from "./answerDemands.js";

/** Until somebody does something, or time passes: nothing wrong with the root. */
const NOT_YET: readonly string[] = ["StillOpen", "Held"];

/** Told when it is written down. */
export type OnActive = (epoch: number) => void;

/** Returns until when the first that is not due can be challenged (Unix seconds); undefined if none waits. Call it in the turn "epoch". */
export async function activateEpochs(parts: NodeParts, onActive: OnActive = () => {}): Promise<bigint | undefined> {
	const { db, keys, ledger } = parts;
	await reopenForgotten(parts);
	const waiting = await db.select().from(epochs).where(eq(epochs.status, "proposed")).orderBy(asc(epochs.epoch));
	for (const { epoch } of waiting) {
		const here = eq(epochs.epoch, epoch);
		const root = (await readRoot(ledger, BigInt(epoch))) ?? (await afterMending(parts, epoch));
		if (root === undefined) {
			// Never proposed, as the chain has it now: the next settlement goes on from there.
			await db.update(epochs).set({ status: "stored" }).where(here);
			return undefined;
		}
		if (root.status === "fallen") {
			// It takes all later ones with it.
			await db
				.update(epochs)
				.set({ status: "fallen" })
				.where(and(gte(epochs.epoch, epoch), inArray(epochs.status, ["proposed", "stored", "ready"])));
			parts.log(`the root of epoch ${epoch} fell; look at the data, then settle again: it is summed and proposed anew`);
			return undefined;
		}
		const { challengeEnds } = root.proposal;
		if (root.status === "pending") {
			if (root.holds > 0n) await answerDemands(parts, root.proposal);
			if (Date.now() < Number(challengeEnds) * 1000) return challengeEnds;
			try {
				await activateRoot(ledger, keys.account("node"), { epoch: BigInt(epoch) });
			} catch (error) {
				// The chain's clock may be behind this machine's.
				if (error instanceof ContractError && NOT_YET.includes(error.errorName)) return challengeEnds;
				if (!(error instanceof ContractError) || error.errorName !== "NotBonded") throw error;
				await mendBond(parts, root.proposal);
				return await activateEpochs(parts, onActive);
			}
		}
		await db.update(epochs).set({ status: "active", challengeEnds }).where(here);
		onActive(epoch);
	}
	return undefined;
}

/** Activates, and waits for what can be challenged for at most `patienceMs` more; undefined if nothing waits any more. */
export async function awaitActivation(
	parts: NodeParts,
	patienceMs: number,
	onActive?: OnActive,
): Promise<bigint | undefined> {
	const until = Date.now() + patienceMs;
	for (;;) {
		const ends = await activateEpochs(parts, onActive);
		if (ends === undefined || parts.closing.aborted) return ends;
		const dueIn = Math.max(100, Number(ends) * 1000 - Date.now());
		if (Date.now() + dueIn > until) return ends;
		await new Promise((resolve) => setTimeout(resolve, dueIn));
	}
}

/** A later root of the same proposer fell and took the bond: ours is locked again, or the queue would stand; a stranger's root is dropped. */
async function mendBond({ keys, ledger }: NodeParts, { claim, proposer }: RootProposal): Promise<void> {
	const settler = keys.account("settler");
	if (proposer.toLowerCase() === settler.address.toLowerCase()) await lockRootBond(ledger, settler);
	else await dropRoot(ledger, keys.account("node"), { epoch: claim.epoch });
}

/** Epochs that were active and are not, as the chain has it now: blocks were taken back. */
async function reopenForgotten({ db, ledger }: NodeParts): Promise<void> {
	const latest = Number(await readLatestEpoch(ledger));
	await db
		.update(epochs)
		.set({ status: "proposed" })
		.where(and(eq(epochs.status, "active"), gt(epochs.epoch, latest)));
}

async function afterMending(parts: NodeParts, epoch: number) {
	await mendReorg(parts.ledger.client, { isSure: true });
	return await readRoot(parts.ledger, BigInt(epoch));
}
