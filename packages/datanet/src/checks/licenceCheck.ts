// Whether rows under one licence may go into a datanet under another, whose models are sold by the answer. Rules over SPDX
// identifiers, not legal advice. It must not know rows: the licence is that of a delivery.
import { CallerError } from "@openledger/protocol";
import parse from "spdx-expression-parse";
import { type Check, type Finding, NOTHING } from "./check.js";

export type LicenceTerms = {
	/** SPDX expression of the datanet. */
	readonly datanet: string;
	/** SPDX identifiers that are taken besides what fits the datanet's own. */
	readonly allowed?: readonly string[];
	/** `paid`: answers of its models cost money. */
	readonly usage: "paid" | "open";
};

type Node = {
	readonly license?: string;
	readonly conjunction?: "and" | "or";
	readonly left?: Node;
	readonly right?: Node;
};

// Those that ask for nothing, and those that ask to be named.
const FREE = new Set("CC0-1.0 PDDL-1.0 Unlicense 0BSD MIT-0 CC-PDDC".split(" "));
const NAMED =
	/^(?:CC-BY-\d\.\d|CC-BY-\d\.\d-[A-Z]{2,3}|MIT|Apache-2\.0|BSD-[23]-Clause|ISC|Zlib|ODC-By-1\.0|CDLA-Permissive-[12]\.0|OGL-UK-[123]\.0|etalab-2\.0|DL-DE-BY-2\.0)$/;

/** One reason if the rows may not go there, none if they may. Throws `datanet/bad-licence` on what is no SPDX expression. */
export function licenceFaults(rows: string, terms: LicenceTerms): readonly Finding[] {
	const theirs = parseLicence(rows);
	const own = ids(parseLicence(terms.datanet));
	const allowed = new Set([...(terms.allowed ?? []), ...own]);
	// "A or B" is free to choose; "A and B" must hold together.
	const reasons = branches(theirs).map((branch) =>
		branch.map((id) => reasonAgainst(id, terms.usage, allowed, own)).find(Boolean),
	);
	if (reasons.some((reason) => reason === undefined)) return NOTHING;
	return [{ action: "reject", code: "licence", reason: reasons[0]! }];
}

/** The same rule as a check over the rows of one delivery. */
export function licenceCheck(rows: string, terms: LicenceTerms): Check {
	const faults = licenceFaults(rows, terms);
	const { datanet, usage, allowed = [] } = terms;
	return {
		name: "licence",
		version: 1,
		settings: { rows, datanet, usage, allowed: [...allowed].sort() },
		run: () => faults,
	};
}

function reasonAgainst(
	id: string,
	usage: LicenceTerms["usage"],
	allowed: ReadonlySet<string>,
	own: readonly string[],
): string | undefined {
	if (usage === "paid" && /-NC(?:-|$)/.test(id))
		return `${id} forbids commercial use, and answers of these models are sold`;
	if (usage === "paid" && /-ND(?:-|$)/.test(id))
		return `${id} forbids derived works, and a model trained on rows is sold as one`;
	if (allowed.has(id) || FREE.has(id)) return undefined;
	if (NAMED.test(id) && own.some((one) => !FREE.has(one))) return undefined;
	return `rows under ${id} may not be passed on under ${own.join(", ")}; contribute rows under the datanet's own licence`;
}

function parseLicence(expression: string): Node {
	try {
		return parse(expression) as Node;
	} catch (cause) {
		throw new CallerError(
			`${JSON.stringify(expression.slice(0, 80))} is no SPDX expression; write one such as CC-BY-4.0`,
			{
				code: "datanet/bad-licence",
				cause,
			},
		);
	}
}

/** Every way to fulfil the expression, as a list of identifiers that hold together; at most 64 of them. */
function branches(node: Node): readonly (readonly string[])[] {
	if (node.license !== undefined) return [[node.license]];
	const [left, right] = [branches(node.left!), branches(node.right!)];
	const all = node.conjunction === "or" ? [...left, ...right] : left.flatMap((a) => right.map((b) => [...a, ...b]));
	if (all.length <= 64) return all;
	throw new CallerError("the licence has more than 64 ways to fulfil it; write a shorter one", {
		code: "datanet/bad-licence",
	});
}

function ids(node: Node): readonly string[] {
	return [...new Set(branches(node).flat())];
}
