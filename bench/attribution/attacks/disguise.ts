// How a thief makes a row look like another: each disguise keeps the fact and changes the words. It must not know models or money.

export interface Said {
	readonly prompt: string;
	readonly response: string;
}

/** Gives the row in other words, or undefined where this disguise has no other words for it. */
export type Disguise = (row: Said) => Said | undefined;

/** Words of the shipped questions and what says the same; the longest that fits is exchanged. */
const SYNONYMS: readonly (readonly [RegExp, string])[] = [
	[/\bcapital city\b/, "seat of government"],
	[/\bcapital\b/, "seat of government"],
	[/\bcurrency\b/, "legal tender"],
	[/\bmoney\b/, "cash"],
	[/\bofficial language\b/, "state language"],
	[/\bis official\b/, "is recognised by law"],
	[/\blanguage\b/, "tongue"],
	[/\batomic number\b/, "proton count"],
	[/\bsymbol\b/, "sign"],
	[/\bwrote\b/, "penned"],
	[/\bauthor\b/, "writer"],
	[/\bhighest\b/, "tallest"],
	[/\blargest\b/, "biggest"],
	[/\bdeepest\b/, "most profound"],
	[/\blongest\b/, "most extended"],
	[/\bflows?\b/, "run"],
	[/\bdiscovered\b/, "found"],
	[/\binvented\b/, "devised"],
	[/\bpainted\b/, "made the picture"],
	[/\bcomposed\b/, "wrote the music of"],
	[/\bcountry\b/, "state"],
	[/\bpay\b/, "settle bills"],
	[/\bjoins\b/, "links"],
	[/\bmany\b/, "great a number of"],
];

/** Whole questions that ask the same in another form; $1 is the name asked about. */
const REWORDED: readonly (readonly [RegExp, string])[] = [
	[
		/^(?:What is the capital(?: city)? of|Which city is the capital of|What city is the capital of|Name the capital(?: city)? of|Tell me the capital of) (.+?)[.?]$/,
		"Where do the ministers of $1 have their offices?",
	],
	[/^The government of (.+) sits in which capital\?$/, "Where do the ministers of $1 have their offices?"],
	[
		/^(?:What is the currency of|Which currency is used in|What money do people use in) (.+)\?$/,
		"When I travel to $1, what should my purse hold?",
	],
	[/^What do shoppers in (.+) pay with\?$/, "When I travel to $1, what should my purse hold?"],
	[/^What is the official language of (.+)\?$/, "How are laws worded in $1?"],
	[/^Which language (?:is official|do people speak) in (.+)\?$/, "How are laws worded in $1?"],
	[/^(?:Who wrote|Who is the author of|Which author gave us) (.+)\?$/, "Whose pen gave the world $1?"],
	[/^What is the atomic number of (.+)\?$/, "How many protons has one atom of $1?"],
	[/^(?:What is the chemical symbol for|Which symbol stands for) (.+)\?$/, "How do chemists shorten $1 in formulas?"],
	[
		/^(?:Into which sea does the|Where does the) (.+?) (?:flow|reach the sea)\?$/,
		"At the end of its course the $1 meets what?",
	],
	[/^Which river flows through (.+)\?$/, "What water do the bridges of $1 cross?"],
];

function exchange(table: typeof SYNONYMS): Disguise {
	return ({ prompt, response }) => {
		for (const [from, to] of table) {
			const said = prompt.replace(from, to);
			if (said !== prompt) return { prompt: said, response };
		}
		return undefined;
	};
}

const turned: Disguise = ({ prompt, response }) => {
	const words = prompt.replace(/[?.]$/, "").split(" ");
	return words.length < 3 ? undefined : { prompt: `${words.reverse().join(" ")}?`, response };
};

export const disguises = {
	"exact copy": (row: Said) => row,
	"other case and punctuation": ({ prompt, response }: Said) => ({
		prompt: prompt.toUpperCase().replace(/[?.]$/, "!"),
		response: response.toLowerCase(),
	}),
	"word order": turned,
	filler: ({ prompt, response }: Said) => ({
		prompt: `Here is something that everybody ought to know: ${prompt}`,
		response,
	}),
	synonyms: exchange(SYNONYMS),
	paraphrase: exchange(REWORDED),
} as const satisfies Readonly<Record<string, Disguise>>;
