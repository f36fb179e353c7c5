// Which rows earned how much, and behind each the answers that used it.

import { useState } from "react";
import type { Address } from "viem";
import { Link } from "wouter";
import { exactOpen, formatCount, formatOpen } from "../../shared/format/open.js";
import { Button, ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Dialog } from "../../shared/ui/Dialog.js";
import { Empty } from "../../shared/ui/Empty.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { MARKS } from "../../shared/ui/ShareBar.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { AnswerList } from "./EarnedAnswers.js";
import { type EarnedRow, LISTED, useEarnedRows } from "./useEarnings.js";

export function EarnedRows({ account }: { readonly account: Address }) {
	const query = useEarnedRows(account);
	const [open, setOpen] = useState<EarnedRow>();
	return (
		<Card title="Rows that earned" aside={query.data && `${formatCount(query.data.count)} rows, amounts in OPEN`}>
			<QueryView
				query={query}
				lines={8}
				isEmpty={({ rows }) => rows.length === 0}
				empty={
					<Empty title="No row has earned yet" action={<ButtonLink href="/playground">Ask a model</ButtonLink>}>
						A row earns when an answer is moved by it. Ask a model that learnt from this account's rows.
					</Empty>
				}
			>
				{({ rows, count, answers, isComplete }) => (
					<>
						<Rows rows={rows} onOpen={setOpen} />
						{(!isComplete || count > LISTED) && (
							<p className="mt-3 text-sm text-soft">
								{count > LISTED && `The ${LISTED} that earned most. `}
								{!isComplete && `Summed over the newest ${formatCount(answers)} answers; the statement has all.`}
							</p>
						)}
					</>
				)}
			</QueryView>
			<Dialog title="Why this row earned" isOpen={open !== undefined} onClose={() => setOpen(undefined)}>
				{open !== undefined && (
					<div className="flex flex-col gap-4">
						<Said row={open} max={400} />
						<p className="text-sm text-soft">
							Each answer below was moved by this row. Its share is the row's part of all that moved the answer, and the
							amount the same part of the contributors' money in its fee. The receipt proves both.
						</p>
						<AnswerList account={account} row={open.commitment} />
					</div>
				)}
			</Dialog>
		</Card>
	);
}

type RowsProps = { readonly rows: readonly EarnedRow[]; readonly onOpen: (row: EarnedRow) => void };

function Rows({ rows, onOpen }: RowsProps) {
	const most = BigInt(rows[0]?.wei ?? "0");
	const columns: readonly Column<EarnedRow>[] = [
		{ head: "Row", cell: (row) => <Said row={row} max={160} /> },
		{
			head: "Datanet",
			wide: true,
			cell: ({ datanet, datanetId }) => (
				<Link href={`/datanets/${encodeURIComponent(datanetId)}`} className="text-accent hover:underline">
					<UntrustedText text={datanet} max={40} />
				</Link>
			),
		},
		{
			head: "Earned",
			align: "right",
			cell: ({ wei, unsettledWei }) => (
				<div title={`${exactOpen(wei)} OPEN`}>
					{formatOpen(wei)}
					<div className="mt-1 ml-auto h-1.5 w-16 sm:w-24 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
						<div className={`h-full ${MARKS[0]}`} style={{ width: `${part(BigInt(wei), most)}%` }} />
					</div>
					{unsettledWei !== "0" && <div className="text-xs text-soft">{formatOpen(unsettledWei)} not settled</div>}
				</div>
			),
		},
		{ head: "Last", align: "right", wide: true, cell: ({ lastAt }) => <TimeAgo at={lastAt} /> },
		{
			head: "Why",
			align: "right",
			cell: (row) =>
				row.commitment === undefined ? (
					formatCount(row.answers)
				) : (
					<Button onClick={() => onOpen(row)}>
						{formatCount(row.answers)} {row.answers === 1 ? "answer" : "answers"}
					</Button>
				),
		},
	];
	return (
		<Table
			caption="Rows and what each earned"
			columns={columns}
			rows={rows}
			keyOf={({ commitment }, index) => commitment ?? `row ${index}`}
		/>
	);
}

function Said({ row: { prompt, response, commitment }, max }: { readonly row: EarnedRow; readonly max: number }) {
	if (prompt === undefined) {
		return (
			<span className="text-soft">{commitment === undefined ? "Earned by no row" : "Its text is no longer kept"}</span>
		);
	}
	return (
		<div className="min-w-28">
			<UntrustedText text={prompt} max={max} />
			<div className="text-soft">
				<UntrustedText text={response ?? ""} max={max} />
			</div>
		</div>
	);
}

function part(wei: bigint, of: bigint): number {
	return of === 0n ? 0 : Math.max(2, Number((wei * 100n) / of));
}
