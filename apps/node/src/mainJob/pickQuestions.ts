// Which questions to ask about data nobody wrote questions for: prompts of its rows, evenly over contributors.

export type Question = {
	readonly prompt: string;
	readonly expected?: string;
	readonly contributor?: string;
};

const ASKED = 24;

type AskableRow = { readonly prompt: string; readonly response: string; readonly contributorName: string };

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
			prompt: row.prompt,
			expected: row.response,
			contributor: row.contributorName,
		})),
	);
}
