// A datanet as a page that people read: what is in it, who may use it how, what was checked, what is known to be missing. It must
// not know where it is shown.
import type { IntakeReport } from "../pipeline/report.js";
import { checkFacts, type DatanetFacts, languagesOf } from "./datanetFacts.js";

/** Markdown with a head of YAML, as dataset hubs read it; throws `datanet/bad-facts`. */
export function datanetCard(facts: DatanetFacts): string {
	const { name, description, licence, rows, clusters, contributors, version, tombstones } = checkFacts(facts);
	const languages = languagesOf(facts);
	const head = [
		"---",
		`license: ${yaml(licence)}`,
		...(languages.length > 0 ? ["language:", ...languages.map((language) => `- ${yaml(language)}`)] : []),
		`pretty_name: ${yaml(name)}`,
		`size_categories:\n- ${sizeOf(rows)}`,
		"---",
	];
	const about = table([
		["Version", version],
		["Rows", `${number(rows)} in ${number(clusters)} clusters (rows that say the same are paid once)`],
		["Contributors", number(contributors)],
		["Licence", licence],
		["Owner", facts.owner],
		["Datanet", `\`${facts.id}\``],
		...(facts.snapshotRoot === undefined ? [] : [["Snapshot root", `\`${facts.snapshotRoot}\``] as const]),
		...Object.entries(facts.terms),
	]);
	const files = facts.files.map(({ name: file, bytes, sha256, description: what }) =>
		[`\`${file}\``, number(bytes), `\`${sha256}\``, what].map(cell).join(" | "),
	);
	const parts = [
		head.join("\n"),
		`# ${plain(name)}`,
		plain(description),
		about,
		"## Languages",
		languageText(facts),
		...(facts.report === undefined ? [] : checks(facts.report)),
		"## Files",
		["| file | bytes | sha256 | what |", "|---|---:|---|---|", ...files.map((line) => `| ${line} |`)].join("\n"),
		"## Erasure",
		erasure(tombstones),
		"## Limits",
		LIMITS,
	];
	return `${parts.join("\n\n")}\n`;
}

/** A label that fewer rows have may be somebody's words, and the card is public. */
const LEAST_ROWS_SHOWN = 20;

const LIMITS =
	"Checks are rules, not judges: personal data written in words, toxic text without a listed word, facts that are false and licences " +
	"that were declared wrongly pass them. Curators, appeals and attribution are there for those.";

function erasure(tombstones: number): string {
	const count =
		tombstones === 0 ? "No row has been erased." : `${number(tombstones)} rows were erased: their keys are destroyed.`;
	return `${count} Whoever decrypted a row before may still have it; no erasure can call that back.`;
}

function checks(report: IntakeReport): string[] {
	const lines = report.checks.map(({ name, version, passed, flagged, rejected }) =>
		[name, String(version), number(passed), number(flagged), number(rejected)].join(" | "),
	);
	const { balance, lengths } = report;
	const shown = balance.top.filter(({ rows }) => rows >= LEAST_ROWS_SHOWN);
	const top = shown.map(({ label, rows }) => `${code(label)} ${number(rows)}`).join(", ");
	const spread = lengths
		.map(({ from, rows }) => `${number(from)}–${number(Math.max(from * 2 - 1, 0))}: ${number(rows)}`)
		.join(", ");
	return [
		"## Checks",
		`Pipeline \`${report.pipeline}\`, verdicts \`${report.verdicts}\`; who runs it over the same rows finds the same.`,
		[
			"| check | version | passed | flagged | rejected |",
			"|---|---:|---:|---:|---:|",
			...lines.map((line) => `| ${line} |`),
		].join("\n"),
		"## Balance",
		`Characters of a response: ${spread || "no rows"}.`,
		balance.rows === 0
			? "No response is short enough to be a label."
			: `${number(balance.rows)} short responses with ${number(balance.labels)} labels; most frequent: ${top || `none in ${LEAST_ROWS_SHOWN} rows or more`}.` +
				(balance.isSkewed ? " **More than four in five of them are one label.**" : ""),
	];
}

function languageText({ languages }: DatanetFacts): string {
	const counted = Object.entries(languages).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
	if (counted.length === 0) return "Not looked at.";
	return `${counted.map(([language, rows]) => `${language} ${number(rows)}`).join(", ")}. Rows of few letters are \`unknown\`.`;
}

function table(entries: readonly (readonly [string, string])[]): string {
	return ["| | |", "|---|---|", ...entries.map(([key, value]) => `| ${cell(key)} | ${cell(value)} |`)].join("\n");
}

function sizeOf(rows: number): string {
	const steps = [
		[1e3, "n<1K"],
		[1e4, "1K<n<10K"],
		[1e5, "10K<n<100K"],
		[1e6, "100K<n<1M"],
	] as const;
	return steps.find(([most]) => rows < most)?.[1] ?? "1M<n<10M";
}

const number = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",");
const yaml = (text: string): string => JSON.stringify(text);
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
/** A stranger's words are text, never markup. */
const plain = (text: string): string => text.replace(/[<>[\]*_`#\\]/g, "\\$&").replaceAll("\n", " ");
const code = (text: string): string => `\`${text.replaceAll("`", "'").replaceAll("\n", " ")}\``;
