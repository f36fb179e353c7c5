// Watches the chain for published models, so that one which this node has the run of answers without a restart, whoever published it.
// It must not know what answers cost.

import { isChainTrouble, modelRegistryAbi, readEventsOf } from "@openledger/chain";
import type { Hex } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { models } from "../database/schema.js";
import { errorText } from "../errors.js";
import type { NodeParts } from "../parts.js";

export type FollowedModels = {
	/** Looks now; returns the names that answer since. */
	look(): Promise<readonly string[]>;
	stop(): Promise<void>;
};

const EVERY_MS = 2000;

/** Begins with what is published after this: what was published before is listed when the node opens. */
export async function followModels(parts: NodeParts, { everyMs = EVERY_MS } = {}): Promise<FollowedModels> {
	const { db, ledger, log, shelf, turns } = parts;
	const { publicClient } = ledger.client;
	const published = () =>
		readEventsOf(ledger, { contract: "modelRegistry", abi: modelRegistryAbi, name: "ModelPublished" });
	// By what they are, not by their block: a chain that took blocks back, or was started again, may be at a lower one.
	const seen = new Set((await published()).map(({ args }) => args.modelId));
	let looking: Promise<unknown> = Promise.resolve();
	let isStopped = false;

	async function take(modelId: Hex, blockNumber: bigint): Promise<string | undefined> {
		const [stored] = await db.select().from(models).where(eq(models.id, modelId));
		// Somebody else's: without its run nothing here can say whose rows an answer came from.
		if (stored === undefined || shelf.listed(modelId) !== undefined) return undefined;
		return await turns(`model ${stored.name}`, async () => {
			if (shelf.listed(modelId) !== undefined) return undefined;
			if (stored.status === "ready") {
				const { timestamp } = await publicClient.getBlock({ blockNumber });
				await db
					.update(models)
					.set({ status: "published", publishedAt: Number(timestamp) })
					.where(eq(models.id, modelId));
			}
			await shelf.serve(modelId);
			return stored.servedName;
		});
	}

	async function look(): Promise<readonly string[]> {
		const served: string[] = [];
		for (const { args, blockNumber } of await published()) {
			if (seen.has(args.modelId)) continue;
			try {
				const found = await take(args.modelId, blockNumber);
				if (found !== undefined) served.push(found);
			} catch (error) {
				log(`model ${args.modelId} was published and is not served: ${errorText(error)}`);
				// What only the chain's silence hindered is taken at the next look.
				if (isChainTrouble(error)) continue;
			}
			seen.add(args.modelId);
		}
		return served;
	}

	const inTurn = (): Promise<readonly string[]> => {
		const next = looking.then(look, look);
		looking = next.catch(() => {});
		return next;
	};
	const timer = setInterval(() => {
		if (!isStopped) inTurn().catch((error) => isStopped || log(`the chain could not be read: ${errorText(error)}`));
	}, everyMs).unref();
	return {
		look: inTurn,
		async stop() {
			isStopped = true;
			clearInterval(timer);
			await looking;
		},
	};
}
