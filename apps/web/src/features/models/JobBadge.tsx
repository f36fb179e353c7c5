// What became of a training, in one word.

import { Badge, type Tone } from "../../shared/ui/Badge.js";
import type { JobStatus } from "./modelTypes.js";

const TONES: Readonly<Record<JobStatus, Tone>> = {
	queued: "plain",
	running: "accent",
	stopped: "warn",
	done: "good",
	failed: "bad",
};

const WORDS: Readonly<Record<JobStatus, string>> = {
	queued: "waits its turn",
	running: "running",
	stopped: "stopped",
	done: "done",
	failed: "failed",
};

export function JobBadge({ status }: { readonly status: JobStatus }) {
	return <Badge tone={TONES[status]}>{WORDS[status]}</Badge>;
}
