// What each check said, in numbers.

import { formatCount } from "../../shared/format/open.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import type { CheckCount } from "./types.js";

const TEXTS: Readonly<Record<string, string>> = {
	reading: "The line is a row",
	schema: "It fits the datanet's schema",
	licence: "Its licence may go in",
	encoding: "Its letters are what they seem",
	language: "Its language is taken",
	quality: "It is no repetition",
	secrets: "It holds no secret",
	"personal-data": "It holds no personal data",
	toxicity: "It has no toxic word",
	"evaluation-overlap": "It is in no evaluation set",
	copies: "It is no copy",
};

const COLUMNS: readonly Column<CheckCount>[] = [
	{ head: "Check", cell: ({ name }) => TEXTS[name] ?? name },
	{ head: "Passed", align: "right", cell: ({ passed }) => formatCount(passed) },
	{ head: "Flagged", align: "right", cell: ({ flagged }) => formatCount(flagged) },
	{ head: "Refused", align: "right", cell: ({ rejected }) => formatCount(rejected) },
];

export function CheckTable({ checks }: { readonly checks: readonly CheckCount[] }) {
	return <Table caption="Verdicts by check" columns={COLUMNS} rows={checks} keyOf={({ name }) => name} />;
}
