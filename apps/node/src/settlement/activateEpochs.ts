// Lets proposed roots pay, in order, once their challenge time is over, and notes those that fell. Looks at the chain first: anybody may
// have activated them.

import { activateRoot, ContractError, readRoot } from "@openledger/chain";
import { asc, eq, gte } from "drizzle-orm";
import { epochs } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { answerDemands } from "./answerDemands.js";

/** Returns until when the first that is not due can be challenged (Unix seconds); undefined if none waits. Call it in the turn "epoch". */
export async function activateEpochs(parts: NodeParts): Promise<bigint | undefined> {
	const { db, keys, ledger } = parts;
	const waiting = await db.select().from(epochs).where(eq(epochs.status, "proposed")).orderBy(asc(epochs.epoch));
	for (const { epoch, challengeEnds } of waiting) {
		const root = await readRoot(ledger, BigInt(epoch));
		if (root === undefined || root.status === "fallen") {
			// It takes all later ones with it.
			await db.update(epochs).set({ status: "fallen" }).where(gte(epochs.epoch, epoch));
			parts.log(`the root of epoch ${epoch} fell; look at the data, then settle again: it is summed and proposed anew`);
			return undefined;
		}
		if (root.status === "pending") {
			if (root.holds > 0n) await answerDemands(parts, root.proposal);
			if (now() < challengeEnds!) return challengeEnds!;
			try {
				await activateRoot(ledger, keys.account("node"), { epoch: BigInt(epoch) });
			} catch (error) {
				// The chain's clock may be behind this machine's.
				if (error instanceof ContractError && (error.errorName === "StillOpen" || error.errorName === "Held"))
					return challengeEnds!;
				throw error;
			}
		}
		await db.update(epochs).set({ status: "active" }).where(eq(epochs.epoch, epoch));
	}
	return undefined;
}

/** Activates, and waits for what can be challenged for at most `patienceMs` more; undefined if nothing waits any more. */
export async function awaitActivation(parts: NodeParts, patienceMs: number): Promise<bigint | undefined> {
	const until = Date.now() + patienceMs;
	for (;;) {
		const ends = await activateEpochs(parts);
		if (ends === undefined || parts.closing.aborted) return ends;
		const dueIn = Math.max(100, Number(ends) * 1000 - Date.now());
		if (Date.now() + dueIn > until) return ends;
		await new Promise((resolve) => setTimeout(resolve, dueIn));
	}
}

const now = () => BigInt(Math.floor(Date.now() / 1000));
