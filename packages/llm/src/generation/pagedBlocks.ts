// Blocks of a key–value cache: who holds which, what lies in full ones that nobody writes any more, and which of those goes first when room is
// needed. It knows no model and no memory; a block is a number.

import { ModelError } from "../errors.js";

/** A full block by what it holds: its tokens, after all that its parent and the parents before it hold. */
export interface FullBlock {
	readonly block: number;
	readonly serial: number;
	readonly key: string;
	/** Sequences that have it in their table. */
	holders: number;
}

export interface PagedBlocks {
	readonly count: number;
	/** Blocks that can be taken: free ones, and full ones that nobody holds. */
	free(): number;
	/** An empty block of one's own. Throws `cache-full` where none can be had. */
	take(): number;
	/** Gives back a block of one's own that is not known as full. */
	give(block: number): void;
	/** The full block that holds these tokens after `parent` (or at the start of a sequence of this kind), held once more. */
	find(parent: FullBlock | string, tokens: readonly number[]): FullBlock | undefined;
	/**
	 * Makes a block of one's own known by its tokens. Where another with the same is known, that one is held and given back instead, and the
	 * own block is free.
	 */
	settle(parent: FullBlock | string, tokens: readonly number[], block: number): FullBlock;
	/** Lets go of full blocks, the last of the sequence first: what others may begin with is then kept longest. */
	release(chain: readonly FullBlock[]): void;
	/** Full blocks that nobody holds, and how many such were given up for room. */
	kept(): number;
	evictions(): number;
}

/** `count` empty blocks. */
export function createPagedBlocks(count: number): PagedBlocks {
	const empty = Array.from({ length: count }, (_, i) => count - 1 - i);
	const known = new Map<string, FullBlock>();
	// In the order in which they were let go: a block is always let go before its parent.
	const idle = new Map<string, FullBlock>();
	let serial = 0;
	let evictions = 0;

	const keyOf = (parent: FullBlock | string, tokens: readonly number[]) =>
		`${typeof parent === "string" ? `:${parent}` : parent.serial}|${tokens.join(",")}`;

	function hold(full: FullBlock): FullBlock {
		full.holders++;
		idle.delete(full.key);
		return full;
	}

	function find(parent: FullBlock | string, tokens: readonly number[]): FullBlock | undefined {
		const full = known.get(keyOf(parent, tokens));
		return full && hold(full);
	}

	return {
		count,
		free: () => empty.length + idle.size,
		take() {
			const block = empty.pop();
			if (block !== undefined) return block;
			const oldest = idle.values().next();
			if (oldest.done)
				throw new ModelError("cache-full", `all ${count} blocks of the cache are in use; close a sequence first`);
			idle.delete(oldest.value.key);
			known.delete(oldest.value.key);
			evictions++;
			return oldest.value.block;
		},
		give: (block) => {
			empty.push(block);
		},
		find,
		settle(parent, tokens, block) {
			const other = find(parent, tokens);
			if (other !== undefined) {
				empty.push(block);
				return other;
			}
			const full = { block, serial: serial++, key: keyOf(parent, tokens), holders: 1 };
			known.set(full.key, full);
			return full;
		},
		release(chain) {
			for (let i = chain.length - 1; i >= 0; i--) {
				const full = chain[i]!;
				if (--full.holders === 0) idle.set(full.key, full);
			}
		},
		kept: () => idle.size,
		evictions: () => evictions,
	};
}
