// Ends a text before the first stop string that is complete; what may be the beginning of one is held back. It must not know tokens.

export interface StopSearch {
	/** What can be said of the text so far, and the stop string that was found; after that nothing more is to be pushed. */
	push(text: string): { readonly text: string; readonly stoppedBy?: string };
	/** What was held back and turned out to be no stop string. */
	end(): string;
}

/** Where a text is cut does not depend on how it is divided into pieces; of strings complete at once the longest counts. */
export function createStopSearch(stop: readonly string[]): StopSearch {
	let held = "";
	return {
		push(text) {
			held += text;
			const found = firstComplete(held, stop);
			if (found !== undefined) {
				const before = held.slice(0, found.at);
				held = "";
				return { text: before, stoppedBy: found.string };
			}
			const said = held.slice(0, held.length - longestBeginning(held, stop));
			held = held.slice(said.length);
			return { text: said };
		},
		end() {
			const rest = held;
			held = "";
			return rest;
		},
	};
}

function firstComplete(text: string, stop: readonly string[]): { at: number; string: string } | undefined {
	let first: { at: number; string: string } | undefined;
	for (const string of stop) {
		const at = text.indexOf(string);
		if (at < 0) continue;
		const sooner = first === undefined ? -1 : at + string.length - (first.at + first.string.length);
		if (first === undefined || sooner < 0 || (sooner === 0 && at < first.at)) first = { at, string };
	}
	return first;
}

/** Length of the longest end of `text` that a stop string begins with. */
function longestBeginning(text: string, stop: readonly string[]): number {
	const longest = stop.reduce((most, string) => Math.max(most, string.length - 1), 0);
	for (let length = Math.min(longest, text.length); length > 0; length--) {
		const end = text.slice(text.length - length);
		if (stop.some((string) => string.startsWith(end))) return length;
	}
	return 0;
}
