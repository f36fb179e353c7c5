// What was entered for a new run so far. Kept in this tab, so that going back, or looking at another page, loses nothing.

import { useEffect, useState } from "react";

export type RunDraft = {
	readonly datanet: string;
	/** "new": a version of the rows accepted now. */
	readonly snapshot: string;
	readonly name: string;
	/** As typed, of the fields that were touched. */
	readonly fields: Readonly<Record<string, string>>;
};

const KEY = "openledger.run-draft";
const EMPTY: RunDraft = { datanet: "", snapshot: "", name: "", fields: {} };

export function useRunDraft(): readonly [RunDraft, (change: Partial<RunDraft>) => void, () => void] {
	const [draft, setDraft] = useState(readDraft);
	useEffect(() => {
		try {
			sessionStorage.setItem(KEY, JSON.stringify(draft));
		} catch {
			// Without storage it holds for this page.
		}
	}, [draft]);
	const change = (changed: Partial<RunDraft>) => setDraft((before) => ({ ...before, ...changed }));
	return [draft, change, () => setDraft(EMPTY)];
}

function readDraft(): RunDraft {
	try {
		const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Partial<RunDraft>;
		return { ...EMPTY, ...kept };
	} catch {
		return EMPTY;
	}
}
