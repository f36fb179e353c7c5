// Who moved the answer: a bar per contributor, opened to the rows with their texts. Influence decides who is paid.

import { formatCount } from "../format/open.js";
import { Amount } from "../ui/Amount.js";
import { Hash } from "../ui/Hash.js";
import { ShareBar } from "../ui/ShareBar.js";
import { UntrustedText } from "../ui/UntrustedText.js";
import { type Colours, coloursOf, edgeLook } from "./colours.js";
import type { ReceiptRow, ShownReceipt } from "./shownReceipt.js";

type ShareListProps = {
	readonly receipt: Pick<
		ShownReceipt,
		"shares" | "rows" | "rowsPaid" | "rowsLearnt" | "pool" | "unattributedPpm" | "spans"
	>;
	/** Where several receipts stand side by side: the colours of all of them. */
	readonly colours?: Colours | undefined;
};

const WHOLE = 1_000_000;
/** More contributors than these are told together. */
const NAMED = 12;

export function ShareList({ receipt, colours = coloursOf(receipt) }: ShareListProps) {
	const { shares, rows, rowsPaid, rowsLearnt, pool, unattributedPpm } = receipt;
	const named = shares.slice(0, NAMED);
	const others = shares.slice(NAMED);
	return (
		<div className="flex flex-col gap-3 text-sm">
			{shares.length === 0 && <p className="text-soft">No row stood out for this answer.</p>}
			<ul className="flex flex-col gap-3">
				{named.map(({ account, contributor, ppm, wei, rows: count }) => (
					<li key={account}>
						<div className="flex flex-wrap items-baseline justify-between gap-x-3">
							<span className="min-w-0 font-medium">
								<UntrustedText text={contributor} max={60} />
							</span>
							<Amount wei={wei} />
						</div>
						<ShareBar ppm={ppm} colour={colours.of(account)} />
						<Rows
							rows={rows.filter((row) => row.account.toLowerCase() === account.toLowerCase())}
							count={count}
							account={account}
							colour={colours.of(account)}
						/>
					</li>
				))}
			</ul>
			{others.length > 0 && (
				<p className="text-soft">
					{formatCount(others.length)} more contributors with{" "}
					{formatCount(others.reduce((sum, { rows: count }) => sum + count, 0))} rows.
				</p>
			)}
			{pool.ppm > 0 && (
				<div>
					<div className="flex flex-wrap items-baseline justify-between gap-x-3">
						<span className="font-medium text-soft">No row clearly</span>
						<Amount wei={pool.wei} />
					</div>
					<PoolBar ppm={pool.ppm} />
					<p className="text-xs text-soft">
						Too little to be told from noise; it goes to the treasury rather than to a guess.
					</p>
				</div>
			)}
			<p className="text-xs text-soft">
				{unattributedPpm === WHOLE && rowsPaid > 0
					? `No row stood out, so the contributors' part was divided alike among ${formatCount(rowsPaid)} rows.`
					: `The model learnt from ${formatCount(rowsLearnt)} rows; this answer pays ${formatCount(rowsPaid)} of them.`}
			</p>
		</div>
	);
}

function PoolBar({ ppm }: { readonly ppm: number }) {
	return (
		<div className="flex items-center gap-2">
			<div className="h-2 min-w-12 flex-1 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
				<div className="h-full rounded-full bg-soft/50" style={{ width: `${Math.min(100, ppm / 10_000)}%` }} />
			</div>
			<span className="w-16 text-right">{(ppm / 10_000).toFixed(1)} %</span>
		</div>
	);
}

type RowsProps = {
	readonly rows: readonly ReceiptRow[];
	readonly count: number;
	readonly account: string;
	readonly colour: number;
};

function Rows({ rows, count, account, colour }: RowsProps) {
	return (
		<details className="mt-1">
			<summary className="w-fit cursor-pointer rounded text-xs text-soft hover:text-accent">
				{formatCount(count)} {count === 1 ? "row" : "rows"}
			</summary>
			<div className="mt-2 flex flex-col gap-2">
				{rows.map((row) => (
					<div key={row.row} className={`rounded-lg border-l-4 bg-sunken p-2 ${edgeLook(colour)}`}>
						<div className="flex flex-wrap justify-between gap-x-3 text-xs text-soft">
							<span>row {row.row}</span>
							<Amount wei={row.wei} />
						</div>
						<RowText row={row} />
						<ShareBar ppm={row.sharePpm} colour={colour} />
					</div>
				))}
				{rows.length < count && (
					<p className="text-xs text-soft">
						{rows.length === 0
							? "None of them is among the rows that earned most from this answer, which alone are shown."
							: `The other ${formatCount(count - rows.length)} earned less.`}
					</p>
				)}
				<div className="text-xs">
					<Hash value={account} href={`/earnings/${encodeURIComponent(account)}`} />
				</div>
			</div>
		</details>
	);
}

function RowText({ row: { prompt, response, before = [] } }: { readonly row: ReceiptRow }) {
	if (response === undefined) return <p className="text-soft">The text of this row is no longer kept here.</p>;
	return (
		<div className="my-1 flex flex-col gap-1">
			{before.map(({ role, content }, turn) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: turns have no other name
				<div key={turn} className="text-soft">
					<b>{role}</b> <UntrustedText text={content} max={600} />
				</div>
			))}
			{prompt !== undefined && prompt !== "" && (
				<div className="text-soft">
					<UntrustedText text={prompt} max={600} />
				</div>
			)}
			<div>
				<UntrustedText text={response} max={1200} block />
			</div>
		</div>
	);
}
