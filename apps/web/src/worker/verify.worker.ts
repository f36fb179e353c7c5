// The worker: one request in, steps out. A new one is started for every verification and ended with it, which is also how it is cancelled.

import type { VerifyMessage, VerifyRequest } from "../shared/verification/messages.js";
import { openBaseCache } from "./baseCache.js";
import { verifyReceipt } from "./verifyReceipt.js";

/** Progress is for the eye. */
const EVERY_MS = 100;

let lastProgress = 0;

function tell(message: VerifyMessage): void {
	if (message.kind === "progress") {
		const now = performance.now();
		if (now - lastProgress < EVERY_MS && message.done < message.total) return;
		lastProgress = now;
	}
	postMessage(message);
}

addEventListener("message", async ({ data }: MessageEvent<VerifyRequest>) => {
	const kept = await openBaseCache();
	try {
		await verifyReceipt(data, { tell, ...(kept && { kept }) });
	} catch (error) {
		tell({ kind: "stopped", what: undefined, message: error instanceof Error ? error.message : String(error) });
	}
});
