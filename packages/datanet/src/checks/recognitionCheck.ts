// Secrets and personal data, by the recognisers. It must not know how they find.
import type { Recogniser } from "../recognisers/recogniser.js";
import { RECOGNISERS, recognise } from "../recognisers/recognisers.js";
import { type Action, type Check, NOTHING } from "./check.js";

const TOLD = {
	secret: ["secret", "remove it, and withdraw it where it was given out"],
	personal: ["personal-data", "remove it or write something made up"],
} as const;

/** One finding for a row, naming the recognisers, never what they found. */
export function recognitionCheck(kind: Recogniser["kind"], action: Action): Check {
	const [code, right] = TOLD[kind];
	return {
		name: kind === "secret" ? "secrets" : "personal-data",
		version: 1,
		settings: {
			action,
			recognisers: RECOGNISERS.filter((one) => one.kind === kind).map(({ name, version }) => ({ name, version })),
		},
		run({ whole }) {
			const found = recognise(whole, kind);
			if (found.length === 0) return NOTHING;
			const names = [...new Set(found.map(({ recogniser }) => recogniser))].join(", ");
			return [{ action, code, reason: `the row seems to hold ${names}; ${right}` }];
		},
	};
}
