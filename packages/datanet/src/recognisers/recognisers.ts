// All recognisers, and what they find in a text. It must not know rows.
import { email, phone } from "./contact.js";
import { ipv4, ipv6, mac } from "./network.js";
import { card, cpf, iban, passport, spanishId, usSsn } from "./numbers.js";
import { type Found, type Recogniser, signsOf } from "./recogniser.js";
import { assignedSecret, jwt, pem, privateKey, seedPhrase, urlPassword } from "./secrets.js";
import { tokens } from "./tokens.js";

export const RECOGNISERS: readonly Recogniser[] = [
	email,
	phone,
	card,
	iban,
	usSsn,
	cpf,
	spanishId,
	passport,
	ipv4,
	ipv6,
	mac,
	...tokens,
	jwt,
	pem,
	privateKey,
	seedPhrase,
	urlPassword,
	assignedSecret,
];

export type Recognised = Found & { readonly recogniser: string; readonly kind: Recogniser["kind"] };

/** Everything found in a text, in the order of the recognisers; nothing of the text itself is in it. */
export function recognise(text: string, kind?: Recogniser["kind"]): readonly Recognised[] {
	const signs = signsOf(text);
	return RECOGNISERS.flatMap((one) =>
		(kind === undefined || one.kind === kind) && one.may(signs)
			? one.find(text).map((found) => ({ ...found, recogniser: one.name, kind: one.kind }))
			: [],
	);
}
