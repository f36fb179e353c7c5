// How verification says that something is not what was committed. It must not know what is compared.

/** A failed comparison; its message is for people. */
export class Difference extends Error {}

/** Throws a `Difference` unless both are the same primitive. */
export function same(what: string, found: unknown, committed: unknown): void {
	if (found !== committed) throw new Difference(`${what} is ${String(found)}, committed was ${String(committed)}`);
}
