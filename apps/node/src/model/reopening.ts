// An attributor that gives its memory back when it is put away, and takes it again for whoever still uses it.

import type { Attributor } from "@openledger/attribution";

/** Opened at the first use. Once closed, each further use opens it for itself alone. */
export function reopening(open: () => Attributor): Attributor {
	let current: Attributor | undefined;
	let isPutAway = false;
	function use<T>(work: (attributor: Attributor) => T): T {
		current ??= open();
		try {
			return work(current);
		} finally {
			if (isPutAway) close();
		}
	}
	function close(): void {
		isPutAway = true;
		current?.close();
		current = undefined;
	}
	return {
		query: (answer) => use((attributor) => attributor.query(answer)),
		attribute: (answer) => use((attributor) => attributor.attribute(answer)),
		close,
	};
}
