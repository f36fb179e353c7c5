// Opened jobs that are kept for the next question about them: a dispute asks twenty times. Those used longest ago go first, and never while
// somebody uses them.

import type { Hex } from "@openledger/protocol";
import { type OpenedJob, openJob } from "./openJob.js";
import type { Workplace } from "./workplace.js";

export type JobShelf = {
	/** Opens a job, or takes it from the shelf. Throws what `openJob` throws. */
	use<T>(jobId: Hex, work: (opened: OpenedJob) => Promise<T>): Promise<T>;
	/** For an end at which nothing is used any more. */
	close(): Promise<void>;
};

/** Opened jobs hold their rows, and an adapter's state in the machine. */
const MOST = 4;

export function openJobShelf(place: Workplace, most = MOST): JobShelf {
	const shelf = new Map<Hex, { readonly opened: Promise<OpenedJob>; uses: number }>();
	const close = (opened: Promise<OpenedJob>) =>
		opened.then(
			({ replay }) => replay.close(),
			() => {},
		);

	function take(jobId: Hex) {
		const entry = shelf.get(jobId) ?? { opened: openJob(place, jobId), uses: 0 };
		shelf.delete(jobId);
		shelf.set(jobId, entry);
		entry.uses++;
		return entry;
	}

	return {
		async use(jobId, work) {
			const entry = take(jobId);
			try {
				return await work(await entry.opened);
			} catch (error) {
				// What could not be opened is opened anew the next time.
				if ((await entry.opened.catch(() => undefined)) === undefined && shelf.get(jobId) === entry)
					shelf.delete(jobId);
				throw error;
			} finally {
				entry.uses--;
				for (const [id, { uses, opened }] of shelf) {
					if (shelf.size <= most) break;
					if (uses > 0) continue;
					shelf.delete(id);
					void close(opened);
				}
			}
		},
		async close() {
			await Promise.all([...shelf.values()].map(({ opened }) => close(opened)));
			shelf.clear();
		},
	};
}

/** Something that is made once for an opened job and a key, and goes when the job does. */
export function perJob<Made>(): (opened: OpenedJob, key: string, make: () => Promise<Made>) => Promise<Made> {
	const known = new WeakMap<OpenedJob, Map<string, Promise<Made>>>();
	return (opened, key, make) => {
		const own = known.get(opened) ?? new Map<string, Promise<Made>>();
		known.set(opened, own);
		const made = own.get(key) ?? make();
		own.set(key, made);
		made.catch(() => own.delete(key));
		return made;
	};
}
