// Every row's verdict, a page at a time, before anything is signed.

import { useState } from "react";
import { formatCount } from "../../../shared/format/open.js";
import { Badge } from "../../../shared/ui/Badge.js";
import { Button } from "../../../shared/ui/Button.js";
import { Pager } from "../../../shared/ui/Pager.js";
import { type Column, Table } from "../../../shared/ui/Table.js";
import { UntrustedText } from "../../../shared/ui/UntrustedText.js";
import type { Examination, ExaminedRow, Outcome } from "../types.js";
import { OUTCOME_TONES } from "../words.js";

const AT_ONCE = 50;
const KINDS: readonly (readonly [Outcome | "all", string])[] = [
	["all", "All"],
	["accepted", "Accepted"],
	["flagged", "Flagged"],
	["rejected", "Rejected"],
];

const COLUMNS: readonly Column<ExaminedRow>[] = [
	{ head: "Line", align: "right", cell: ({ line }) => formatCount(line) },
	{ head: "Verdict", cell: ({ outcome }) => <Badge tone={OUTCOME_TONES[outcome]}>{outcome}</Badge> },
	{
		head: "Row and reasons",
		cell: ({ prompt, response, findings }) => (
			<div className="min-w-36 [overflow-wrap:anywhere]">
				{prompt !== undefined && prompt !== "" && (
					<div className="font-medium">
						<UntrustedText text={prompt} max={200} />
					</div>
				)}
				{response !== undefined && <UntrustedText text={response} max={200} />}
				{findings.map(({ check, code, reason }) => (
					<div key={`${check} ${code}`} className="text-xs text-soft">
						{check} · {code}: <UntrustedText text={reason} max={300} />
					</div>
				))}
			</div>
		),
	},
];

export function Verdicts({ examination }: { readonly examination: Examination }) {
	const { offered, accepted, flagged, rejected, rows } = examination;
	const [kind, setKind] = useState<Outcome | "all">("all");
	const [from, setFrom] = useState(0);
	// The report counts flagged rows among the accepted ones.
	const counts = { all: offered, accepted: accepted - flagged, flagged, rejected };
	const wanted = kind === "all" ? rows : rows.filter(({ outcome }) => outcome === kind);
	return (
		<div>
			<fieldset className="mb-2 flex flex-wrap gap-2">
				<legend className="sr-only">Which verdicts to show</legend>
				{KINDS.map(([id, name]) => (
					<Button
						key={id}
						aria-pressed={kind === id}
						className={kind === id ? "!border-accent bg-accent-wash" : ""}
						onClick={() => {
							setKind(id);
							setFrom(0);
						}}
					>
						{name} <span className="text-soft">{formatCount(counts[id])}</span>
					</Button>
				))}
			</fieldset>
			{wanted.length === 0 ? (
				<p className="py-4 text-sm text-soft">No row is {kind}.</p>
			) : (
				<Table
					caption="Verdicts of the rows"
					columns={COLUMNS}
					rows={wanted.slice(from, from + AT_ONCE)}
					keyOf={({ line, outcome }, index) => `${line} ${outcome} ${index}`}
				/>
			)}
			<Pager of="verdicts" from={from} size={AT_ONCE} hasMore={from + AT_ONCE < wanted.length} onMove={setFrom} />
		</div>
	);
}
