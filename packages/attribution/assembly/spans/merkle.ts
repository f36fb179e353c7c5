// Keccak-f[1600] and Keccak-256 as Ethereum has it (the padding of the submission, not of FIPS 202), and the nodes of a Merkle tree over
// leaves of 128 bytes: leaf = keccak256(0x00 ‖ bytes), inner = keccak256(0x01 ‖ left ‖ right), an odd node goes up as it is. Either fits one
// block of 136 bytes, so a node costs one permutation. It must not know what is committed to.

import { sortSuffixes } from "./suffixes";

const RATE: usize = 136;
const LEAF: usize = 128;
/** Leaves of a group: only nodes from this height on are stored. */
const GROUP: i32 = 16;

/** Round constants, Keccak reference section 1.2. */
const ROUNDS: usize = memory.data<u64>([
	0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
	0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
	0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
	0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
	0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
	0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
]);

/** The permutation on 25 lanes of 64 bits at `state`; the lanes stay in locals through all rounds. */
function permute(state: usize): void {
	let a0 = load<u64>(state, 0);
	let a1 = load<u64>(state, 8);
	let a2 = load<u64>(state, 16);
	let a3 = load<u64>(state, 24);
	let a4 = load<u64>(state, 32);
	let a5 = load<u64>(state, 40);
	let a6 = load<u64>(state, 48);
	let a7 = load<u64>(state, 56);
	let a8 = load<u64>(state, 64);
	let a9 = load<u64>(state, 72);
	let a10 = load<u64>(state, 80);
	let a11 = load<u64>(state, 88);
	let a12 = load<u64>(state, 96);
	let a13 = load<u64>(state, 104);
	let a14 = load<u64>(state, 112);
	let a15 = load<u64>(state, 120);
	let a16 = load<u64>(state, 128);
	let a17 = load<u64>(state, 136);
	let a18 = load<u64>(state, 144);
	let a19 = load<u64>(state, 152);
	let a20 = load<u64>(state, 160);
	let a21 = load<u64>(state, 168);
	let a22 = load<u64>(state, 176);
	let a23 = load<u64>(state, 184);
	let a24 = load<u64>(state, 192);
	for (let round: usize = 0; round < 192; round += 8) {
		const c0 = a0 ^ a5 ^ a10 ^ a15 ^ a20;
		const c1 = a1 ^ a6 ^ a11 ^ a16 ^ a21;
		const c2 = a2 ^ a7 ^ a12 ^ a17 ^ a22;
		const c3 = a3 ^ a8 ^ a13 ^ a18 ^ a23;
		const c4 = a4 ^ a9 ^ a14 ^ a19 ^ a24;
		const d0 = c4 ^ rotl<u64>(c1, 1);
		const d1 = c0 ^ rotl<u64>(c2, 1);
		const d2 = c1 ^ rotl<u64>(c3, 1);
		const d3 = c2 ^ rotl<u64>(c4, 1);
		const d4 = c3 ^ rotl<u64>(c0, 1);
		const b0 = a0 ^ d0;
		const b16 = rotl<u64>(a5 ^ d0, 36);
		const b7 = rotl<u64>(a10 ^ d0, 3);
		const b23 = rotl<u64>(a15 ^ d0, 41);
		const b14 = rotl<u64>(a20 ^ d0, 18);
		const b10 = rotl<u64>(a1 ^ d1, 1);
		const b1 = rotl<u64>(a6 ^ d1, 44);
		const b17 = rotl<u64>(a11 ^ d1, 10);
		const b8 = rotl<u64>(a16 ^ d1, 45);
		const b24 = rotl<u64>(a21 ^ d1, 2);
		const b20 = rotl<u64>(a2 ^ d2, 62);
		const b11 = rotl<u64>(a7 ^ d2, 6);
		const b2 = rotl<u64>(a12 ^ d2, 43);
		const b18 = rotl<u64>(a17 ^ d2, 15);
		const b9 = rotl<u64>(a22 ^ d2, 61);
		const b5 = rotl<u64>(a3 ^ d3, 28);
		const b21 = rotl<u64>(a8 ^ d3, 55);
		const b12 = rotl<u64>(a13 ^ d3, 25);
		const b3 = rotl<u64>(a18 ^ d3, 21);
		const b19 = rotl<u64>(a23 ^ d3, 56);
		const b15 = rotl<u64>(a4 ^ d4, 27);
		const b6 = rotl<u64>(a9 ^ d4, 20);
		const b22 = rotl<u64>(a14 ^ d4, 39);
		const b13 = rotl<u64>(a19 ^ d4, 8);
		const b4 = rotl<u64>(a24 ^ d4, 14);
		a0 = b0 ^ (~b1 & b2) ^ load<u64>(ROUNDS + round);
		a1 = b1 ^ (~b2 & b3);
		a2 = b2 ^ (~b3 & b4);
		a3 = b3 ^ (~b4 & b0);
		a4 = b4 ^ (~b0 & b1);
		a5 = b5 ^ (~b6 & b7);
		a6 = b6 ^ (~b7 & b8);
		a7 = b7 ^ (~b8 & b9);
		a8 = b8 ^ (~b9 & b5);
		a9 = b9 ^ (~b5 & b6);
		a10 = b10 ^ (~b11 & b12);
		a11 = b11 ^ (~b12 & b13);
		a12 = b12 ^ (~b13 & b14);
		a13 = b13 ^ (~b14 & b10);
		a14 = b14 ^ (~b10 & b11);
		a15 = b15 ^ (~b16 & b17);
		a16 = b16 ^ (~b17 & b18);
		a17 = b17 ^ (~b18 & b19);
		a18 = b18 ^ (~b19 & b15);
		a19 = b19 ^ (~b15 & b16);
		a20 = b20 ^ (~b21 & b22);
		a21 = b21 ^ (~b22 & b23);
		a22 = b22 ^ (~b23 & b24);
		a23 = b23 ^ (~b24 & b20);
		a24 = b24 ^ (~b20 & b21);
	}
	store<u64>(state, a0, 0);
	store<u64>(state, a1, 8);
	store<u64>(state, a2, 16);
	store<u64>(state, a3, 24);
	store<u64>(state, a4, 32);
	store<u64>(state, a5, 40);
	store<u64>(state, a6, 48);
	store<u64>(state, a7, 56);
	store<u64>(state, a8, 64);
	store<u64>(state, a9, 72);
	store<u64>(state, a10, 80);
	store<u64>(state, a11, 88);
	store<u64>(state, a12, 96);
	store<u64>(state, a13, 104);
	store<u64>(state, a14, 112);
	store<u64>(state, a15, 120);
	store<u64>(state, a16, 128);
	store<u64>(state, a17, 136);
	store<u64>(state, a18, 144);
	store<u64>(state, a19, 152);
	store<u64>(state, a20, 160);
	store<u64>(state, a21, 168);
	store<u64>(state, a22, 176);
	store<u64>(state, a23, 184);
	store<u64>(state, a24, 192);
}

/** keccak256(tag ‖ bytes) of at most 134 bytes, to `out` (32 bytes); `state` is 200 bytes of the caller's. */
function hashBlock(tag: u8, bytes: usize, length: usize, out: usize, state: usize): void {
	memory.fill(state, 0, 200);
	store<u8>(state, tag);
	memory.copy(state + 1, bytes, length);
	store<u8>(state + 1 + length, 1);
	store<u8>(state + RATE - 1, load<u8>(state + RATE - 1) | 0x80);
	permute(state);
	memory.copy(out, state, 32);
}

/** One node: tag 0 for a leaf of at most 128 bytes, 1 for an inner node's 64. */
export function hashOne(tag: i32, bytes: usize, length: usize, out: usize, state: usize): void {
	hashBlock(<u8>tag, bytes, length, out, state);
}

/** `count` nodes in pairs to ceil(count/2) nodes at `out`, which may be `nodes` itself. */
function hashLevel(nodes: usize, count: i32, out: usize, state: usize): void {
	let i = 0;
	for (; i + 1 < count; i += 2) hashBlock(1, nodes + (<usize>i << 5), 64, out + (<usize>i << 4), state);
	if (i < count) memory.copy(out + (<usize>i << 4), nodes + (<usize>i << 5), 32);
}

/** The nodes of height 4, one for each 16 leaves of 128 bytes of data; the last leaf may be shorter. `scratch`: 712 bytes. */
function hashGroups(data: usize, length: usize, out: usize, scratch: usize): void {
	const state = scratch + 512;
	const end = data + length;
	while (data < end) {
		let count = 0;
		for (; count < GROUP && data < end; count++, data += LEAF) {
			hashBlock(0, data, min<usize>(LEAF, end - data), scratch + (<usize>count << 5), state);
		}
		for (let height = 0; height < 4; height++) {
			hashLevel(scratch, count, scratch, state);
			count = (count + 1) >> 1;
		}
		memory.copy(out, scratch, 32);
		out += 32;
	}
}

/** All stored nodes over the data, from height 4 to the root, level after level at `out`. */
function hashTree(data: usize, length: usize, out: usize, scratch: usize): void {
	hashGroups(data, length, out, scratch);
	let count = <i32>((length + (<usize>GROUP * LEAF - 1)) / (<usize>GROUP * LEAF));
	while (count > 1) {
		const above = out + (<usize>count << 5);
		hashLevel(out, count, above, scratch);
		out = above;
		count = (count + 1) >> 1;
	}
}

/** Sorts a segment's text and commits to it: suffixes, then the stored nodes over text, suffixes and fields. Returns what `sortSuffixes` does. */
export function buildSegment(
	text: usize,
	bytes: usize,
	suffixes: usize,
	fields: usize,
	fieldBytes: usize,
	textNodes: usize,
	suffixNodes: usize,
	fieldNodes: usize,
	scratch: usize,
): i32 {
	if (sortSuffixes(text, <i32>bytes, suffixes, scratch) != 0) return 1;
	hashTree(text, bytes, textNodes, scratch);
	hashTree(suffixes, bytes << 2, suffixNodes, scratch);
	hashTree(fields, fieldBytes, fieldNodes, scratch);
	return 0;
}
