// What a datanet's checks would say of a file's rows, before anybody offers them. Nothing of them is kept.

import type { IntakeReport, PipelineResult } from "@openledger/datanet";
import type { Address, Hex } from "@openledger/protocol";
import { isAddress } from "viem";
import type { NodeParts } from "../parts.js";
import { judgeDelivery, withoutErased } from "./keepContribution.js";
import { type DeliveredFile, type DeliveredRows, readDelivery } from "./readDelivery.js";

/** What is shown of a row beside its verdict, so that people find it again in their file. */
const SHOWN_CHARACTERS = 160;

export type ExaminedRow = {
	readonly line: number;
	readonly outcome: "accepted" | "flagged" | "rejected";
	readonly findings: readonly { readonly check: string; readonly code: string; readonly reason: string }[];
	/** Beginnings; absent where the line is no row. */
	readonly prompt?: string;
	readonly response?: string;
};

export type Examination = Pick<
	IntakeReport,
	"offered" | "accepted" | "flagged" | "rejected" | "checks" | "codes" | "languages" | "balance"
> & { readonly rows: readonly ExaminedRow[] };

/** Every row's verdict, as if the file were contributed now. Throws what reading throws for the file as a whole. */
export async function examineFile(
	parts: NodeParts,
	file: DeliveredFile & { readonly datanetId: Hex },
): Promise<Examination> {
	const { datanetId, contributor: name } = file;
	const delivered = readDelivery(file);
	if (name === undefined || delivered.rows.length === 0)
		return shownExamination(delivered, await judgeDelivery(parts, { datanetId, ...delivered }));
	const contributor = isAddress(name) ? (name.toLowerCase() as Address) : parts.keys.address("contributor", name);
	const left = withoutErased(parts, { datanetId, contributor, ...delivered });
	return shownExamination(delivered, await judgeDelivery(parts, { datanetId, ...left }));
}

export function shownExamination({ rows }: DeliveredRows, { verdicts, report }: PipelineResult): Examination {
	const said = new Map(rows.map((row) => [row.line, row]));
	const { offered, accepted, flagged, rejected, checks, codes, languages, balance } = report;
	return {
		...{ offered, accepted, flagged, rejected, checks, codes, languages, balance },
		rows: verdicts.map(({ line, outcome, findings }) => {
			const row = said.get(line);
			return {
				line,
				outcome,
				findings: findings.map(({ check, code, reason }) => ({ check, code, reason })),
				...(row && { prompt: begin(row.prompt), response: begin(row.response) }),
			};
		}),
	};
}

function begin(text: string): string {
	const shown = text.slice(0, 2 * SHOWN_CHARACTERS);
	const characters = [...shown];
	return characters.length <= SHOWN_CHARACTERS && shown === text
		? text
		: `${characters.slice(0, SHOWN_CHARACTERS).join("")}…`;
}
