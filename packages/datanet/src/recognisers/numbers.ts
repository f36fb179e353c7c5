// Numbers that people are known by: cards, accounts, papers. It must not know rows.
import { isCpf, isLuhn, isMod97, isSpanishId } from "./checksums.js";
import { before, digitsOf, type Found, places, type Recogniser } from "./recogniser.js";

const CARD = /(?<![\d.,])\d(?:[ -]?\d){12,18}(?![\d])(?!\.\d)/g;
// Issuers' first digits with the lengths they give (ISO/IEC 7812-1).
const ISSUERS =
	/^(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}|(?:6011|65\d\d|64[4-9]\d)\d{12}|35\d{14}|3(?:0[0-5]|[68]\d)\d{11}|62\d{14})$/;

export const card: Recogniser = {
	name: "card",
	kind: "personal",
	version: 1,
	may: ({ digits }) => digits >= 13,
	find: (text) =>
		places(text, CARD, ([written]) => {
			const digits = digitsOf(written);
			return ISSUERS.test(digits) && new Set(digits).size > 1 && isLuhn(digits);
		}),
};

// Length of an account by country (SWIFT's IBAN registry).
const IBAN_LENGTHS: Readonly<Record<string, number>> = Object.fromEntries(
	(
		"AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 " +
		"FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 " +
		"LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SD18 SE24 SI19 SK24 " +
		"SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"
	)
		.split(" ")
		.map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);
const IBAN_START = /(?<![A-Za-z0-9])[A-Z]{2}\d\d(?=[ -]?[A-Z0-9])/gi;

export const iban: Recogniser = {
	name: "iban",
	kind: "personal",
	version: 1,
	may: ({ digits }) => digits >= 8,
	find(text) {
		const found: Found[] = [];
		for (const match of text.matchAll(IBAN_START)) {
			const length = IBAN_LENGTHS[match[0].slice(0, 2).toUpperCase()];
			if (length === undefined) continue;
			const end = endAfter(text, match.index, length);
			if (end === undefined || /[A-Za-z0-9]/.test(text[end] ?? "")) continue;
			const account = text.slice(match.index, end).replace(/[ -]/g, "").toUpperCase();
			if (isMod97(account)) found.push({ start: match.index, end });
		}
		return found;
	},
};

/** Where `length` letters and digits end, single spaces or hyphens between them passed over. */
function endAfter(text: string, start: number, length: number): number | undefined {
	let at = start;
	for (let count = 0; count < length; at++) {
		const character = text[at];
		if (character !== undefined && /[A-Za-z0-9]/.test(character)) count++;
		else if ((character !== " " && character !== "-") || text[at - 1] === character) return undefined;
	}
	return at;
}

const SSN =
	/(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-])|(?<=\bssn[ :#]{1,3})\d{3} \d\d \d{4}(?!\w)/gi;

/** Social security number of the United States: no check digit, but areas and groups that are never given out. */
export const usSsn: Recogniser = {
	name: "us-ssn",
	kind: "personal",
	version: 1,
	may: ({ digits }) => digits >= 9,
	find: (text) =>
		places(
			text,
			SSN,
			(_, start) =>
				!/(?:part|model|serial|order|item|sku|catalog(?:ue)?|isbn|case)(?: (?:no|number))?\W{0,3}$/.test(
					before(text, start, 20),
				),
		),
};

const CPF = /(?<![\w.])\d{3}\.\d{3}\.\d{3}-\d\d(?!\w)|(?<=\bcpf[ :nº.]{0,6})\d{11}(?!\w)/gi;

export const cpf: Recogniser = {
	name: "br-cpf",
	kind: "personal",
	version: 1,
	may: ({ digits }) => digits >= 11,
	find: (text) => places(text, CPF, ([written]) => isCpf(digitsOf(written))),
};

const SPANISH = /(?<![\w-])(?:\d{8}|\d\d\.\d{3}\.\d{3}|[XYZ]-?\d{7})-?[A-HJ-NP-TV-Z](?![\w-])/g;

export const spanishId: Recogniser = {
	name: "es-dni",
	kind: "personal",
	version: 1,
	may: ({ digits }) => digits >= 7,
	find: (text) => places(text, SPANISH, ([written]) => isSpanishId(written.replace(/[-.]/g, ""))),
};

const PASSPORT = /(?<=\bpassport(?: (?:no|number|nr))?\.?(?: is)?[ :#]{1,3})[A-Z]{0,2}\d{6,9}(?!\w)/gi;

/** Passports have no check digit outside their machine-readable zone, so the word must stand before. */
export const passport: Recogniser = {
	name: "passport",
	kind: "personal",
	version: 1,
	may: ({ digits }) => digits >= 6,
	find: (text) => places(text, PASSPORT),
};
