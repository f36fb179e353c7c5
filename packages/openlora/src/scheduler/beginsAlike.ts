// Whether one prompt should wait until another is read, so that it finds the beginning in the cache. It must not know why they are alike.

import type { Job } from "./job.js";

/**
 * Whether a job would find at least half of its prompt, in whole blocks, once the other one's prompt is read: the same weights, the same
 * beginning. Less is not worth waiting for. The last token of a prompt is never found.
 */
export function beginsAlike(job: Job, other: Job, blockTokens: number): boolean {
	if (job.source !== other.source) return false;
	const most = Math.min(job.prompt.length - 1, other.prompt.length);
	let same = 0;
	while (same < most && job.prompt[same] === other.prompt[same]) same++;
	const shared = same - (same % blockTokens);
	return shared > 0 && 2 * shared >= job.prompt.length;
}
