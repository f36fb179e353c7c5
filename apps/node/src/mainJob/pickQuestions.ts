// Which questions to ask about data nobody wrote questions for: prompts of its rows, evenly over contributors.

import type { Row } from "@openledger/protocol";

export type Question = {
	readonly prompt: string;
	readonly expected?: string;
	readonly contributor?: string;
};

const ASKED = 24;

type AskableRow = Row & { readonly contributorName: string };

/** The beginning of a plain text, which is put as a question, to be continued: 8 words, 120 characters at most. */
const BEGINNING = /^\s*(\S+(?:\s+\S+){0,7})/u;
const MOST = 120;

/** At most `count` rows, taken in turn from every contributor, spread over each one's rows; the same rows, the same questions. */
export function pickQuestions(rows: readonly AskableRow[], count = ASKED): Question[] {
	const byContributor = new Map<string, AskableRow[]>();
	for (const row of rows)
		byContributor.set(row.contributorName, [...(byContributor.get(row.contributorName) ?? []), row]);
	const owned = [...byContributor.values()];
	const quotas = owned.map(() => 0);
	for (let left = Math.min(count, rows.length); left > 0; ) {
		for (let i = 0; i < owned.length && left > 0; i++) {
			if (quotas[i]! === owned[i]!.length) continue;
			quotas[i]!++;
			left--;
		}
	}
	return owned.flatMap((own, i) =>
		Array.from({ length: quotas[i]! }, (_, k) => own[Math.floor((k * own.length) / quotas[i]!)]!).map((row) => ({
			...asked(row),
			contributor: row.contributorName,
		})),
	);
}

function asked({ prompt, response }: Row): { readonly prompt: string; readonly expected: string } {
	if (prompt !== "") return { prompt, expected: response };
	const beginning = [...(BEGINNING.exec(response)?.[1] ?? "")].slice(0, MOST).join("");
	return { prompt: beginning, expected: response.trim().slice(beginning.length).trim() };
}
