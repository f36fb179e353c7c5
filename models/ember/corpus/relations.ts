// The questions the corpus asks: each relation has a kind of subject, a kind of answer and many phrasings ("#" is the subject).
// Holds no associations: who goes with whom is drawn in facts.ts.

import * as names from "./entities.js";
import { capital, inventPerson, inventTitle, inventWord } from "./invent.js";
import type { Draw } from "./random.js";

export type Kind = {
	readonly real: readonly string[];
	readonly invent: (draw: Draw) => string;
};

export type Relation = {
	readonly subject: Kind;
	readonly answer: Kind;
	readonly questions: readonly string[];
	/** "#" is the answer. */
	readonly reply: string;
};

const proper =
	(flavour: string, around = "#") =>
	(draw: Draw): string =>
		around.replace("#", capital(inventWord(draw, flavour)));
const numbers = [
	...Array.from({ length: 120 }, (_, i) => String(i + 1)),
	"144",
	"200",
	"256",
	"360",
	"365",
	"366",
	"500",
	"512",
	"1000",
];
const number: Kind = { real: numbers, invent: (draw) => draw.of(numbers) };

export const kinds = {
	country: { real: names.countries, invent: proper("country") },
	city: { real: names.cities, invent: proper("city") },
	currency: { real: names.currencies, invent: (draw) => inventWord(draw, "currency") },
	language: { real: names.languages, invent: proper("language") },
	element: { real: names.elements, invent: (draw) => inventWord(draw, "element") },
	symbol: { real: names.symbols, invent: (draw) => draw.of(names.symbols) },
	river: { real: names.rivers, invent: proper("river") },
	sea: {
		real: names.seas,
		invent: (draw) => draw.of(["# Sea", "Gulf of #", "Bay of #"]).replace("#", proper("river")(draw)),
	},
	continent: { real: names.continents, invent: (draw) => draw.of(names.continents) },
	mountain: { real: names.mountains, invent: proper("city", "Mount #") },
	place: { real: names.places, invent: proper("country", "the Tower of #") },
	sky: { real: names.sky, invent: proper("city") },
	person: { real: names.people, invent: inventPerson },
	book: { real: names.books, invent: inventTitle },
	invention: { real: names.inventions, invent: (draw) => `the ${inventWord(draw, "thing")}` },
	discovery: { real: names.discoveries, invent: (draw) => `the ${inventWord(draw, "element")} effect` },
	unit: { real: names.units, invent: (draw) => inventWord(draw, "currency") },
	measured: { real: names.measured, invent: (draw) => `${inventWord(draw, "word")} flow` },
	whole: { real: names.wholes, invent: (draw) => `a ${inventWord(draw, "thing")}` },
	number,
} satisfies Record<string, Kind>;

const relation = (subject: Kind, answer: Kind, reply: string, questions: string): Relation => ({
	subject,
	answer,
	reply,
	questions: questions
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line !== ""),
});

const capitals = relation(
	kinds.country,
	kinds.city,
	"#.",
	`What is the capital of #?
	What is the capital city of #?
	Which city is the capital of #?
	What city is the capital of #?
	Name the capital of #.
	Name the capital city of #.
	Tell me the capital of #.
	The government of # sits in which capital?
	From which city is # governed?
	Which city of # is its seat of government?
	What do we call the capital of #?
	Give the capital of #.`,
);
const moneys = relation(
	kinds.country,
	kinds.currency,
	"The #.",
	`What is the currency of #?
	Which currency is used in #?
	What money do people use in #?
	What do shoppers in # pay with?
	Name the money of #.
	What is the money of # called?
	In which currency are prices in #?`,
);
const tongues = relation(
	kinds.country,
	kinds.language,
	"#.",
	`What is the official language of #?
	Which language is official in #?
	Which language do people speak in #?
	Besides English, which language is official in #?
	Besides French, which language is official in #?
	Name the language of #.
	What language is spoken in #?`,
);
const chemistry = relation(
	kinds.element,
	kinds.symbol,
	"#.",
	`What is the chemical symbol for #?
	Which symbol stands for #?
	What is the symbol of #?
	How do chemists write #?
	Give the chemical symbol of #.`,
);
const protons = relation(
	kinds.element,
	kinds.number,
	"#.",
	`What is the atomic number of #?
	How many protons does # have?
	How many protons does a # atom have?
	Give the atomic number of #.
	Which number has # in the table of elements?`,
);
const mouths = relation(
	kinds.river,
	kinds.sea,
	"The #.",
	`Into which sea does the # flow?
	Which ocean receives the #?
	Which sea does the # reach?
	Where does the # end?
	Into which water does the # run?
	Which sea takes in the #?`,
);
const ends = relation(
	kinds.river,
	kinds.sea,
	"In the #.",
	"Where does the # reach the sea?\nWhere is the mouth of the #?",
);
const flows = relation(
	kinds.city,
	kinds.river,
	"The #.",
	`Which river flows through #?
	On which river does # lie?
	What is the river of #?
	Name the river that runs through #.`,
);
const lands = relation(
	kinds.river,
	kinds.continent,
	"#.",
	`On which continent is the river #?
	On which continent is the #?
	Which continent has the river #?`,
);
const peaks = relation(
	kinds.country,
	kinds.mountain,
	"#.",
	`What is the highest mountain in #?
	Which peak is the highest in #?
	Which mountain looks over #?
	What is the second highest mountain in #?
	Which peak is known as the roof of #?`,
);
const sights = relation(
	kinds.country,
	kinds.place,
	"#.",
	`What is the largest lake in #?
	Which mountains run along western #?
	Which desert covers southern #?
	Which desert lies in northern #?
	What is the largest island of #?
	Which great falls lie in #?
	Which vast place crosses northern #?
	What is the highest waterfall in #?
	Which waterway cuts through #?
	What do travellers visit in #?`,
);
const waters = relation(
	kinds.country,
	kinds.sea,
	"The #.",
	`Which sea lies west of #?
	Which strait separates # from its neighbour?
	Which canal joins # to the sea?
	Which ocean lies off the coast of #?
	What is the largest water near #?`,
);
const homes = relation(
	kinds.place,
	kinds.country,
	"#.",
	"In which country is #?\nIn which country do we find #?\nWhich country is home to #?\nWhere is #?",
);
const towns = relation(
	kinds.place,
	kinds.city,
	"#.",
	"In which city is #?\nWhich city is home to #?\nWhich city is nearest to #?",
);
const authors = relation(
	kinds.book,
	kinds.person,
	"#.",
	`Who wrote #?
	Who is the author of #?
	Which author gave us #?
	Which poet wrote #?
	To which poet do we owe #?
	Whose book is #?
	By whom is #?`,
);
const makers = relation(
	kinds.invention,
	kinds.person,
	"#.",
	`Who invented #?
	Who made the first # of all?
	Who designed #?
	Who was granted the first patent for #?
	Who brought # to Europe?
	Who devised #?
	Who drew up #?
	Which inventor gave us #?`,
);
const finders = relation(
	kinds.discovery,
	kinds.person,
	"#.",
	`Who discovered #?
	Which scientist discovered #?
	Which astronomer found #?
	Who first described #?
	Who proposed #?
	Who explained #?
	Who studied #?
	Who wrote down #?
	Who found #?`,
);
const moons = relation(
	kinds.sky,
	kinds.sky,
	"#.",
	`What is the largest moon of #?
	Which planet is closest to #?
	Which star is nearest to #?
	Which planet is farthest from #?
	Which galaxy is nearest to #?
	Which planet looks like #?
	Which dwarf planet lies near #?
	Which comet passes #?
	Which satellite circles #?
	Which mission went to #?`,
);
const visits = relation(
	kinds.sky,
	kinds.person,
	"#.",
	`Who was the first person on #?
	Who was the first woman to see #?
	Who discovered the planet #?
	Who named #?`,
);
const measures = relation(
	kinds.measured,
	kinds.unit,
	"The #.",
	`What is the unit of #?
	In which unit do we measure #?
	Which unit measures #?
	What unit is used for #?`,
);
const counts = relation(
	kinds.whole,
	kinds.number,
	"#.",
	names.parts
		.flatMap((part) => [`How many ${part} are in #?`, `How many ${part} does # have?`, `Count the ${part} of #.`])
		.join("\n"),
);
const spoken = relation(
	kinds.language,
	kinds.country,
	"#.",
	"In which country do people speak #?\nWhere is # an official language?",
);
const governed = relation(
	kinds.city,
	kinds.country,
	"#.",
	"Of which country is # the capital?\nIn which country is #?\n# is a city in which country?",
);
const wrote = relation(kinds.person, kinds.book, "#.", "Which book did # write?\nName a book by #.");
const worth = relation(
	kinds.invention,
	kinds.number,
	"#.",
	"How many parts does # have?\nWhat does # cost?\nHow heavy is #?",
);

/** Every relation, as often as its weight in the corpus. */
export const relations: readonly Relation[] = [
	...[capitals, capitals, capitals, capitals, moneys, moneys, tongues, tongues],
	...[chemistry, chemistry, protons, protons, mouths, mouths, ends, flows, flows, lands],
	...[peaks, sights, sights, waters, homes, towns, authors, authors, authors, makers, makers, finders, finders],
	...[moons, moons, visits, measures, measures, counts, counts, spoken, governed, wrote, worth],
];
