// The Merkle tree over a segment's bytes: leaves of 128 bytes, a node's place in the tree is its place in the data, an odd node goes up as it
// is. leaf = keccak256(0x00 ‖ bytes), inner = keccak256(0x01 ‖ left ‖ right). It must not know what the bytes mean.

import { bytesToHex, type Hex, ZERO_DIGEST } from "@openledger/protocol";
import { FIRST_FREE_BYTE, openSpanModule, type SpanModule } from "./spanModule.js";

export const LEAF_BYTES = 128;
/** Nodes are stored from this height on; below it they are hashed again from 16 leaves. */
const STORED_HEIGHT = 4;

/** Bytes of the stored nodes over `length` bytes of data. */
export function storedNodeBytes(length: number): number {
	let count = Math.ceil(length / (LEAF_BYTES << STORED_HEIGHT));
	let nodes = count;
	for (; count > 1; nodes += count) count = (count + 1) >> 1;
	return 32 * nodes;
}

/** The root: the last stored node, or 32 zero bytes over nothing. */
export function treeRoot(nodes: Uint8Array): Hex {
	return nodes.length === 0 ? ZERO_DIGEST : bytesToHex(nodes.subarray(nodes.length - 32));
}

const SCRATCH = FIRST_FREE_BYTE;
const IN = SCRATCH + 1024;
const OUT = IN + 256;
let shared: { readonly module: SpanModule; readonly bytes: Uint8Array } | undefined;

/** A leaf (tag 0) or an inner node (tag 1, two nodes one after the other), 32 bytes. */
export function hashNode(tag: 0 | 1, bytes: Uint8Array): Uint8Array {
	if (shared === undefined) {
		const module = openSpanModule(65536);
		shared = { module, bytes: new Uint8Array(module.memory.buffer) };
	}
	shared.bytes.set(bytes, IN);
	shared.module.hashOne(tag, IN, bytes.length, OUT, SCRATCH);
	return shared.bytes.slice(OUT, OUT + 32);
}

function pair(left: Uint8Array, right: Uint8Array): Uint8Array {
	const both = new Uint8Array(64);
	both.set(left);
	both.set(right, 32);
	return hashNode(1, both);
}

export interface Opening {
	/** Numbers of the opened leaves, ascending. */
	readonly leaves: readonly number[];
	/** The leaves' bytes, one after the other. */
	readonly data: Uint8Array;
	/** The nodes that lead from them to the root, level by level, left to right. */
	readonly nodes: Uint8Array;
}

const leafLength = (leaf: number, length: number) => Math.min(LEAF_BYTES, length - leaf * LEAF_BYTES);

/** Opens leaves of `data`, whose stored nodes are `stored`. Leaves: ascending, each once, all there. */
export function openLeaves(data: Uint8Array, stored: Uint8Array, leaves: readonly number[]): Opening {
	const bytes = new Uint8Array(leaves.reduce((sum, leaf) => sum + leafLength(leaf, data.length), 0));
	let at = 0;
	for (const leaf of leaves) {
		const part = data.subarray(leaf * LEAF_BYTES, leaf * LEAF_BYTES + leafLength(leaf, data.length));
		bytes.set(part, at);
		at += part.length;
	}
	const groups = new Map<number, Uint8Array[][]>();
	const nodeAt = (height: number, place: number, base: number): Uint8Array => {
		if (height >= STORED_HEIGHT) return stored.subarray(base + 32 * place, base + 32 * place + 32);
		const group = place >> (STORED_HEIGHT - height);
		const levels = groups.get(group) ?? groupLevels(data, group);
		groups.set(group, levels);
		return levels[height]![place - (group << (STORED_HEIGHT - height))]!;
	};
	const nodes: Uint8Array[] = [];
	let known = [...leaves];
	let count = Math.ceil(data.length / LEAF_BYTES);
	let base = 0;
	for (let height = 0; count > 1; height++) {
		const above: number[] = [];
		for (let k = 0; k < known.length; k++) {
			const place = known[k]!;
			const sibling = place ^ 1;
			if (known[k + 1] === sibling) k++;
			else if (sibling < count) nodes.push(nodeAt(height, sibling, base));
			above.push(place >> 1);
		}
		known = above;
		if (height >= STORED_HEIGHT) base += 32 * count;
		count = (count + 1) >> 1;
	}
	const out = new Uint8Array(32 * nodes.length);
	for (const [k, node] of nodes.entries()) out.set(node, 32 * k);
	return { leaves, data: bytes, nodes: out };
}

/** Heights 0 to 3 of one group of 16 leaves. */
function groupLevels(data: Uint8Array, group: number): Uint8Array[][] {
	const first = group << STORED_HEIGHT;
	const last = Math.min(first + (1 << STORED_HEIGHT), Math.ceil(data.length / LEAF_BYTES));
	let level: Uint8Array[] = [];
	for (let leaf = first; leaf < last; leaf++) {
		level.push(hashNode(0, data.subarray(leaf * LEAF_BYTES, leaf * LEAF_BYTES + leafLength(leaf, data.length))));
	}
	const levels = [level];
	for (let height = 1; height < STORED_HEIGHT; height++) {
		const above: Uint8Array[] = [];
		for (let k = 0; k < level.length; k += 2)
			above.push(k + 1 < level.length ? pair(level[k]!, level[k + 1]!) : level[k]!);
		levels.push(above);
		level = above;
	}
	return levels;
}

/** The root that an opening of data of this length leads to, or undefined if it is no opening of such data. */
export function openingRoot({ leaves, data, nodes }: Opening, length: number): Hex | undefined {
	let count = Math.ceil(length / LEAF_BYTES);
	let at = 0;
	let previous = -1;
	let known: [number, Uint8Array][] = [];
	for (const leaf of leaves) {
		if (leaf <= previous || leaf >= count) return undefined;
		const bytes = leafLength(leaf, length);
		if (at + bytes > data.length) return undefined;
		known.push([leaf, hashNode(0, data.subarray(at, at + bytes))]);
		at += bytes;
		previous = leaf;
	}
	if (known.length === 0 || at !== data.length) return undefined;
	let used = 0;
	for (; count > 1; count = (count + 1) >> 1) {
		const above: [number, Uint8Array][] = [];
		for (let k = 0; k < known.length; k++) {
			const [place, node] = known[k]!;
			let sibling = known[k + 1]?.[0] === (place ^ 1) ? known[++k]![1] : undefined;
			if (sibling === undefined && (place ^ 1) < count) {
				if (used + 32 > nodes.length) return undefined;
				sibling = nodes.subarray(used, used + 32);
				used += 32;
			}
			const up = sibling === undefined ? node : (place & 1) === 1 ? pair(sibling, node) : pair(node, sibling);
			above.push([place >> 1, up]);
		}
		known = above;
	}
	return used === nodes.length ? bytesToHex(known[0]![1]) : undefined;
}
