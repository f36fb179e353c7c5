// What a daemon sees of the chain at every look: the jobs and disputes that are not over, and what time it is there. It sends nothing.

import { type Dispute, type Job, readDispute, readDisputeIds, readJob, readJobIds } from "@openledger/chain";
import type { Hex } from "@openledger/protocol";
import { errorText } from "../errors.js";
import type { Workplace } from "./workplace.js";

export type SeenJob = Job & { readonly jobId: Hex };
export type SeenDispute = Dispute & { readonly disputeId: Hex };

export type Seen = {
	readonly jobs: readonly SeenJob[];
	readonly disputes: readonly SeenDispute[];
	/** Seconds. A chain that mines only when something is sent has an old latest block, so its clock is read from ours then. */
	readonly now: number;
};

export type LookOutOptions = { readonly pollMs: number };

/** Calls `act` at every look until the signal fires. A look that fails is told once, and taken again. */
export async function lookOut(
	{ ledger, signal, log }: Workplace,
	{ pollMs }: LookOutOptions,
	act: (seen: Seen) => void | Promise<void>,
): Promise<void> {
	const jobs = follow(
		(from) => readJobIds(ledger, from),
		async (jobId) => withId({ jobId }, await readJob(ledger, jobId)),
		({ status }) => status === "paid" || status === "cancelled",
	);
	const disputes = follow(
		(from) => readDisputeIds(ledger, from),
		async (disputeId) => withId({ disputeId }, await readDispute(ledger, disputeId)),
		({ phase }) => phase === "ended",
	);
	let said: string | undefined;
	while (!signal.aborted) {
		try {
			const block = await ledger.client.publicClient.getBlock();
			const seen = { jobs: await jobs(), disputes: await disputes() };
			await act({ ...seen, now: Math.max(Number(block.timestamp), Math.floor(Date.now() / 1000)) });
			if (said !== undefined) log("the chain answers again");
			said = undefined;
		} catch (error) {
			const text = errorText(error);
			if (text !== said && !signal.aborted) log(`cannot look at the chain: ${text}`);
			said = text;
		}
		await pause(pollMs, signal);
	}
}

function withId<Id extends object, T extends object>(id: Id, found: T | undefined): (Id & T) | undefined {
	return found && { ...id, ...found };
}

/** Reads what is new and what is not over. An ended thing is shown once more, so that whoever waits for its end sees it. */
function follow<T>(
	newIds: (from: number) => Promise<readonly Hex[]>,
	read: (id: Hex) => Promise<T | undefined>,
	isOver: (thing: T) => boolean,
): () => Promise<T[]> {
	const open = new Set<Hex>();
	let known = 0;
	return async () => {
		const fresh = await newIds(known);
		for (const id of fresh) open.add(id);
		known += fresh.length;
		const found = await Promise.all([...open].map(async (id) => [id, await read(id)] as const));
		// What a reorganisation took away is forgotten; if it comes again, its id comes again.
		for (const [id, thing] of found) if (thing === undefined || isOver(thing)) open.delete(id);
		return found.flatMap(([, thing]) => (thing === undefined ? [] : [thing]));
	};
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			clearTimeout(timer);
			signal.removeEventListener("abort", done);
			resolve();
		};
		const timer = setTimeout(done, ms);
		signal.addEventListener("abort", done);
	});
}
