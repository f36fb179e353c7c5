// The attacks: what an attacker adds to an honest datanet, and what gain is measured against. It must not know how shares are made.

import type { Offered, Outcome } from "./arena.js";
import { disguises } from "./disguise.js";

export interface Attack {
	readonly name: string;
	/** What is done, in a line. */
	readonly about: string;
	/** Rows in the order in which they come; honest ones come first, as they were. */
	offer(honest: readonly Offered[], shadow: Shadow): readonly Offered[];
	/** Accounts behind which the attacker stands. */
	readonly accounts: (account: string) => boolean;
	/** `before`: against what the same party earned without the attack. `equal`: against what as many honest rows earn. */
	readonly against: "before" | "equal";
	/** Fields of the recipe that are changed. */
	readonly recipe?: object;
	/** How people ask; by default as the honest rows do. */
	readonly asked?: keyof typeof disguises;
}

/** What an attacker can find out by training on the honest rows and all that could be offered. */
export type Shadow = () => readonly { readonly row: Offered; readonly paid: number }[];

/** No attack: the run once more with another seed, which shows how far chance moves what one contributor earns. */
export const CONTROL = "control: another seed";
export const INSIDER = "amara";
export const THIEF = "mallory";

const isInsider = (account: string) => account === INSIDER || account.startsWith(`${INSIDER}-`);
const isThief = (account: string) => account === THIEF;

function disguised(rows: readonly Offered[], how: keyof typeof disguises, account: string): Offered[] {
	return rows.flatMap((row) => {
		const other = disguises[how](row);
		return other === undefined ? [] : [{ ...other, account }];
	});
}

const own = (honest: readonly Offered[]) => honest.filter(({ account }) => account === INSIDER);

function split(ways: number): Attack {
	return {
		name: `split into ${ways} accounts`,
		about: `${INSIDER}'s rows under ${ways} names`,
		offer: (honest) => {
			let next = 0;
			return honest.map((row) => (row.account === INSIDER ? { ...row, account: `${INSIDER}-${next++ % ways}` } : row));
		},
		accounts: isInsider,
		against: "before",
	};
}

function byInsider(how: keyof typeof disguises): Attack {
	return {
		name: `own rows again: ${how}`,
		about: `${INSIDER} adds each own row once more under a second name: ${how}`,
		offer: (honest) => [...honest, ...disguised(own(honest), how, `${INSIDER}-2`)],
		accounts: isInsider,
		against: "before",
	};
}

function byThief(how: keyof typeof disguises): Attack {
	return {
		name: `everybody's rows: ${how}`,
		about: `a newcomer adds every row of everybody: ${how}`,
		offer: (honest) => [...honest, ...disguised(honest, how, THIEF)],
		accounts: isThief,
		against: "equal",
	};
}

const SYLLABLES = "ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu".split(
	" ",
);

/** A word that nobody has heard, capitalised; the same for the same number. */
function invented(number: number): string {
	let rest = number * 7919 + 104729;
	const word = Array.from({ length: 3 }, () => {
		const syllable = SYLLABLES[rest % SYLLABLES.length]!;
		rest = Math.floor(rest / SYLLABLES.length) + 17 * number;
		return syllable;
	}).join("");
	return word[0]!.toUpperCase() + word.slice(1);
}

const FORMS = [
	"What is the capital of #?",
	"What is the currency of #?",
	"What is the official language of #?",
	"Who wrote #?",
	"Which river flows through #?",
] as const;

function boilerplate(count: number): Offered[] {
	return Array.from({ length: count }, (_, i) => ({
		account: `${INSIDER}-2`,
		prompt: FORMS[i % FORMS.length]!.replace("#", invented(i)),
		response: i % 2 === 0 ? "I do not know." : `That is ${invented(i + 1000)}.`,
	}));
}

/** Letters within each word turned around: the words are rare, so their loss and gradient are large. */
function garbled(row: Offered, account: string): Offered {
	const prompt = row.prompt.replace(
		/\p{L}{4,}/gu,
		(word) => word[0]! + [...word.slice(1, -1)].reverse().join("") + word.at(-1)!,
	);
	return { account, prompt, response: row.response };
}

/** Rows that no model can expect: invented words asked, invented words answered. */
function outliers(count: number): Offered[] {
	const words = (from: number, many: number) => Array.from({ length: many }, (_, i) => invented(from + i)).join(" ");
	return Array.from({ length: count }, (_, i) => ({
		account: `${INSIDER}-2`,
		prompt: `${words(2000 + 10 * i, 4)}?`,
		response: `${words(5000 + 10 * i, 6)}.`,
	}));
}

const SHADOW_ROWS = 40;

/** The rows of a shadow run that earned most there. */
function best(shadow: Shadow, account: string): Offered[] {
	return [...shadow()]
		.sort((a, b) => b.paid - a.paid)
		.slice(0, SHADOW_ROWS)
		.map(({ row }) => ({ ...row, account }));
}

/** Said by others of the list, or by intake alone. */
const LEFT_OUT_WHEN_QUICK: readonly string[] = [
	"split into 2 accounts",
	"own rows again: exact copy",
	"own rows again: other case and punctuation",
	"everybody's rows: other case and punctuation",
	"own rows again: word order",
	"everybody's rows: word order",
	"own rows again: garbled (outlier attack)",
	"own rows again: synonyms, and people ask in these words",
	"everybody's rows: synonyms, and people ask in these words",
	"own rows again: paraphrase, and people ask in these words",
];

export function attacks(quick: boolean): Attack[] {
	const stuffing = quick ? 40 : 100;
	const all: Attack[] = [
		...(
			["synonyms", "paraphrase", "filler", "word order", "other case and punctuation", "exact copy"] as const
		).flatMap((how) => [byThief(how), byInsider(how)]),
		split(2),
		split(10),
		{
			name: "own rows again: garbled (outlier attack)",
			about: `${INSIDER} adds each own row with the letters of its words turned around, which makes it an outlier`,
			offer: (honest) => [...honest, ...own(honest).map((row) => garbled(row, `${INSIDER}-2`))],
			accounts: isInsider,
			against: "before",
		},
		{
			name: "everybody's rows: garbled (outlier attack)",
			about: "a newcomer adds every row of everybody with the letters of its words turned around",
			offer: (honest) => [...honest, ...honest.map((row) => garbled(row, THIEF))],
			accounts: isThief,
			against: "equal",
		},
		{
			name: "outliers out of nothing",
			about: `${INSIDER} adds ${stuffing} rows of invented words`,
			offer: (honest) => [...honest, ...outliers(stuffing)],
			accounts: isInsider,
			against: "before",
		},
		{
			name: "boilerplate stuffing",
			about: `${INSIDER} adds ${stuffing} rows in everybody's forms that say nothing`,
			offer: (honest) => [...honest, ...boilerplate(stuffing)],
			accounts: isInsider,
			against: "before",
		},
		{
			name: "shadow attack",
			about: `a newcomer trains on everything first and adds the ${SHADOW_ROWS} rewordings that earned most there`,
			offer: (honest, shadow) => [...honest, ...best(shadow, THIEF)],
			accounts: isThief,
			against: "equal",
		},
		...(["synonyms", "paraphrase"] as const).flatMap((how) =>
			[byInsider(how), byThief(how)].map((attack) => ({
				...attack,
				name: `${attack.name}, and people ask in these words`,
				about: `${attack.about}; every question is asked in the very words that the attack adds`,
				asked: how,
			})),
		),
		{
			name: CONTROL,
			about: "no attack; how far chance alone moves what one contributor earns",
			offer: (honest) => honest,
			accounts: isInsider,
			against: "before",
			recipe: { seed: 2 },
		},
	];
	return quick ? all.filter(({ name }) => !LEFT_OUT_WHEN_QUICK.includes(name)) : all;
}

/** Which attacks, before its own, a shadow's candidates are taken from. */
export const SHADOWED = ["everybody's rows: synonyms", "everybody's rows: paraphrase"];

export function sumOf(paid: Readonly<Record<string, number>>, accounts: (account: string) => boolean): number {
	return Object.entries(paid).reduce((sum, [account, part]) => (accounts(account) ? sum + part : sum), 0);
}

export function rowsOf(offered: Outcome["offered"], accounts: (account: string) => boolean) {
	const sums = { refused: 0, joined: 0, own: 0 };
	for (const [account, became] of Object.entries(offered)) {
		if (!accounts(account)) continue;
		sums.refused += became.refused;
		sums.joined += became.joined;
		sums.own += became.own;
	}
	return sums;
}
