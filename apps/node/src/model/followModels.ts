// Watches the chain for published models, so that one which this node has the run of answers without a restart, whoever published it.
// It must not know what answers cost.

import { readEvents } from "@openledger/chain";
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

/** Begins with the blocks that come after this one: what was published before is listed when the node opens. */
export async function followModels(parts: NodeParts, { everyMs = EVERY_MS } = {}): Promise<FollowedModels> {
	const { db, ledger, log, shelf, turns } = parts;
	const { publicClient } = ledger.client;
	let seen = await publicClient.getBlockNumber();
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
		const latest = await publicClient.getBlockNumber({ cacheTime: 0 });
		if (latest <= seen) return [];
		const events = await readEvents(ledger, { fromBlock: seen + 1n, toBlock: latest });
		const served: string[] = [];
		for (const { name, args, blockNumber } of events) {
			if (name !== "ModelPublished") continue;
			try {
				const found = await take(args.modelId as Hex, blockNumber);
				if (found !== undefined) served.push(found);
			} catch (error) {
				log(`model ${String(args.modelId)} was published and is not served: ${errorText(error)}`);
			}
		}
		seen = latest;
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
