// A row as a file gives it: whose it is, and what it says. It must not know JSON or CSV.
import type { Row } from "@openledger/protocol";
import type { Fault } from "../rejection.js";
import { readForm } from "./rowForms.js";

/** A row as a file gives it; `contributor` is in lower case, so that a name in another case is the same name. */
export type FileRow = Row & { readonly line: number; readonly contributor?: string };

/** May stand beside every form. */
export const CONTRIBUTOR_FIELD = "contributor";

const CONTRIBUTOR = /^[a-z0-9._-]+(?: [a-z0-9._-]+)*$/;
const MAX_NAME = 40;

/** The row, or its first fault. */
export function checkRow(line: number, fields: ReadonlyMap<string, unknown>): FileRow | Fault {
	const row = readForm(new Map([...fields].filter(([name]) => name !== CONTRIBUTOR_FIELD)));
	if ("code" in row) return row;
	if (!fields.has(CONTRIBUTOR_FIELD)) return { line, ...row };
	const contributor = readContributor(fields.get(CONTRIBUTOR_FIELD));
	return typeof contributor === "string" ? { line, ...row, contributor } : contributor;
}

function readContributor(value: unknown): string | Fault {
	const name = typeof value === "string" ? value.toLowerCase() : "";
	if (name.length <= MAX_NAME && CONTRIBUTOR.test(name)) return name;
	return {
		code: "bad-contributor",
		reason: `contributor is not a short name; use 1 to ${MAX_NAME} letters a–z, digits, dots, dashes, underscores and single spaces`,
	};
}
