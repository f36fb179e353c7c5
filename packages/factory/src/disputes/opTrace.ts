// Every op between two links as one digest each, and the chain of entries that binds them: two people who part between the links find the
// first op where they do. It must not know who they are.

import { createHash } from "node:crypto";
import type { StepOptions } from "@openledger/llm";
import { type Hex, outputLink, traceOf } from "@openledger/protocol";
import type { Committed, Replay } from "./openReplay.js";

/** Goes up when a step's ops come in another order or are cut in another way, while their bits stay: engine ids do not see that. */
export const TRACE_VERSION = 1;

export interface OpTrace {
	/** By op: sha256 of the bytes that it wrote. The last op is the link itself, whose digest is its hash. */
	readonly digests: readonly Hex[];
	/** By op, for people: "matmul 8×32" or "link". */
	readonly names: readonly string[];
}

/** The entries that bind the ops, one more than there are; see `traceOf` of packages/protocol. */
export function traceEntries(linkBefore: Hex, digests: readonly Hex[]): Hex[] {
	return traceOf(linkBefore, digests.slice(0, -1), digests.at(-1)!);
}

/** Looks at ops of a run; `digests` and `names` grow as they come. */
export function opRecorder(): OpTrace & Required<StepOptions> {
	const digests: Hex[] = [];
	const names: string[] = [];
	return {
		digests,
		names,
		onOp({ name, shape, written }) {
			const hash = createHash("sha256");
			for (const bytes of written) hash.update(bytes);
			digests.push(`0x${hash.digest("hex")}`);
			names.push(shape.length === 0 ? name : `${name} ${shape.join("×")}`);
		},
	};
}

/** Takes the steps from a link to the next again, and writes down every op. */
export function traceLink(replay: Replay, from: Committed): OpTrace & { readonly next: Committed } {
	const { digests, names, onOp } = opRecorder();
	const next = replay.advance(from, { onOp });
	return { digests: [...digests, next.hash], names: [...names, "link"], next };
}

/** The same for the output link, whose ops are what the run gives. `last` is the run's last link. */
export async function traceOutput(replay: Replay, last: Committed): Promise<OpTrace & { readonly hash: Hex }> {
	const output = await replay.output(last.state);
	const hash = outputLink(last.hash, output);
	return {
		digests: [output.adapterDigest, output.featuresRoot, hash],
		names: ["adapter", "features", "link"],
		hash,
	};
}
