// A dishonest prover's segment: another suffix array, committed to properly.

import type { Segment } from "../segment.js";
import { hashNode } from "../tree.js";

/** The segment with these suffixes and the tree over them. */
export function recommit(segment: Segment, suffixes: Int32Array): Segment {
	const data = new Uint8Array(suffixes.buffer, suffixes.byteOffset, suffixes.byteLength);
	let level: Uint8Array[] = [];
	for (let at = 0; at < data.length; at += 128) level.push(hashNode(0, data.subarray(at, at + 128)));
	const stored: Uint8Array[] = [];
	for (let height = 0; ; height++) {
		if (height >= 4) stored.push(...level);
		if (height >= 4 && level.length === 1) break;
		const above: Uint8Array[] = [];
		for (let k = 0; k < level.length; k += 2) {
			above.push(k + 1 < level.length ? hashNode(1, Buffer.concat([level[k]!, level[k + 1]!])) : level[k]!);
		}
		level = above;
	}
	const nodes = { ...segment.nodes, suffixes: new Uint8Array(Buffer.concat(stored)) };
	const suffixRoot = `0x${Buffer.from(stored.at(-1)!).toString("hex")}` as const;
	return { ...segment, suffixes, nodes, record: { ...segment.record, suffixRoot } };
}
