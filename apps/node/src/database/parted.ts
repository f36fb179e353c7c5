// A statement takes at most 65,535 values: many rows are written in parts, inside one transaction of the caller.

const ROWS_AT_ONCE = 500;

export function* parted<item>(items: readonly item[]): Generator<item[]> {
	for (let at = 0; at < items.length; at += ROWS_AT_ONCE) yield items.slice(at, at + ROWS_AT_ONCE);
}
