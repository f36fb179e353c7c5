// What the scheduler is asked to do, and what it keeps of it while it waits and while it runs.

import type { AnswerRequest, Continuation, Generation, GenerationPiece, PagedSequence } from "@openledger/llm";
import type { Hold } from "../adapters/adapterCache.js";
import type { AdapterSource } from "../adapters/adapterSource.js";
import { ApiError } from "../errors.js";
import type { Queued } from "./fairQueue.js";

/** One answer to be made. */
export interface Job {
	/** Whose it is; "" is a tenant like any other. */
	readonly tenant: string;
	/** Absent: the base alone. */
	readonly source?: AdapterSource;
	/** At least one token. */
	readonly prompt: readonly number[];
	readonly request: AnswerRequest;
	/** It was promised an answer, and may wait although too many do. */
	readonly isPromised?: boolean;
	/** Ends it between two tokens, waiting or running. */
	readonly signal?: AbortSignal;
	/** Told every piece as soon as it is certain; if it throws, the answer ends with that error. */
	readonly onPiece?: (piece: GenerationPiece) => void;
}

/** A job in the queue. Its cost is the tokens that it may take in all, as its place in the cache is. */
export interface Ticket extends Queued {
	readonly job: Job;
	/** Blocks of the cache that it may need at most. */
	readonly blocks: number;
	readonly submittedAt: number;
	/** Jobs that stood behind it and were started before it. */
	overtaken: number;
	/** On its adapter, once it is being loaded for this job. */
	hold: Hold | undefined;
	/** The count of changes when a hold was last asked for. */
	askedAt: number | undefined;
	/** The count of changes when it was given all there is; if nothing came of that, nothing will. */
	pressedAt: number | undefined;
	/** The count of changes at which no room was found for its adapter; not tried again before it is another. */
	noRoomAt: number | undefined;
	resolve(generation: Generation): void;
	reject(error: unknown): void;
}

/** A job in the batch. */
export interface Running {
	readonly ticket: Ticket;
	readonly sequence: PagedSequence;
	readonly answer: Continuation;
	/** The token to take next; absent while the prompt is being read. */
	next: number | undefined;
	lastTokenAt: number;
}

/** The job was cancelled: what there was of the answer by then, if it had begun. */
export class CancelledError extends ApiError {
	readonly generation: Generation | undefined;
	constructor(generation: Generation | undefined, cause?: unknown) {
		super(499, "cancelled", "the request was cancelled", { cause });
		this.name = "CancelledError";
		this.generation = generation;
	}
}
