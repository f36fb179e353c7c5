// Closes an epoch: its receipts are fixed, their fees collected, earnings summed, its data kept where anybody can read it, its root
// proposed, and once nobody can challenge it any more activated. Every step is written down and looked up on chain first, so that a crash
// between any two counts nothing twice.

import type { Hex } from "@openledger/protocol";
import { count, eq } from "drizzle-orm";
import { type EpochStatus, epochs, receipts } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { activateEpochs, awaitActivation } from "./activateEpochs.js";
import { collectEpoch } from "./collectEpoch.js";
import { fixReceipts } from "./fixReceipts.js";
import { proposeEpoch } from "./proposeEpoch.js";
import { storeEpoch } from "./storeEpoch.js";
import { sumEpoch } from "./sumEpoch.js";

export type ClosedEpoch = {
	readonly epoch: number;
	readonly status: EpochStatus;
	readonly receipts: number;
	readonly receiptsRoot: Hex;
	readonly earningsRoot: Hex;
	/** All that contributors have ever earned. */
	readonly totalWei: bigint;
	/** By what the data layer finds its data. */
	readonly certificate: Hex;
	/** Until when its root can be challenged, in Unix seconds. */
	readonly challengeEnds: bigint;
};

/** What was done; each is durable when it is told. */
export type SettlementStep = "claimed" | "fixed" | "collected" | "summed" | "stored" | "proposed" | "active";

export type CloseEpoch = {
	readonly onStep?: (step: SettlementStep, epoch?: number) => void;
	/** A root whose challenge time ends within so long is waited for; another one is activated later, while the node is open. */
	readonly patienceMs?: number;
};

const PATIENCE_MS = 15_000;

/** Closes the epoch that is open, or finishes one that a crash cut short; undefined if no receipt waits. */
export function closeEpoch(parts: NodeParts, options: CloseEpoch = {}): Promise<ClosedEpoch | undefined> {
	const { onStep = () => {}, patienceMs = PATIENCE_MS } = options;
	return parts.turns("epoch", async () => {
		const onActive = (active: number) => onStep("active", active);
		await activateEpochs(parts, onActive);
		await parts.payments.claim();
		onStep("claimed");
		const epoch = await fixReceipts(parts);
		if (epoch === undefined) return undefined;
		onStep("fixed", epoch);
		const status = async () => (await readEpoch(parts, epoch)).status;
		if ((await status()) === "collecting") {
			await collectEpoch(parts, epoch);
			onStep("collected", epoch);
			await sumEpoch(parts, epoch);
			onStep("summed", epoch);
		}
		if ((await status()) === "ready") {
			await storeEpoch(parts, epoch);
			onStep("stored", epoch);
		}
		await proposeEpoch(parts, epoch);
		onStep("proposed", epoch);
		await awaitActivation(parts, patienceMs, onActive);
		const { certificate, challengeEnds, earningsRoot, receiptsRoot, totalWei, ...closed } = await readEpoch(
			parts,
			epoch,
		);
		const [inside] = await parts.db.select({ n: count() }).from(receipts).where(eq(receipts.epoch, epoch));
		return {
			...{ epoch, status: closed.status, receipts: inside!.n, receiptsRoot: receiptsRoot! },
			...{ earningsRoot: earningsRoot!, totalWei: totalWei!, certificate: certificate!, challengeEnds: challengeEnds! },
		};
	});
}

async function readEpoch({ db }: NodeParts, epoch: number) {
	const [found] = await db.select().from(epochs).where(eq(epochs.epoch, epoch));
	return found!;
}
