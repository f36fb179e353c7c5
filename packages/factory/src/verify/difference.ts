// How verification says that something is not what was committed, and tells whoever looks on what it compares. It must not know what that is.

/** A failed comparison; its message is for people. */
export class Difference extends Error {}

/** One comparison that was made, as texts. */
export type Compared = { readonly what: string; readonly found: string; readonly committed: string };

let watching: ((compared: Compared) => void) | undefined;

/** Throws a `Difference` unless both are the same primitive. */
export function same(what: string, found: unknown, committed: unknown): void {
	watching?.({ what, found: String(found), committed: String(committed) });
	if (found !== committed) throw new Difference(`${what} is ${String(found)}, committed was ${String(committed)}`);
}

/** Every comparison from now on is told, so that a page can show it; for one verification at a time. Undefined ends it. */
export function watchComparisons(watch: ((compared: Compared) => void) | undefined): void {
	watching = watch;
}
