// The path answer → rows → contributors → payouts → transaction, drawn: one line for each contributor, each station a link to its proof.

import type { ReactNode } from "react";
import { Link } from "wouter";
import { type Colours, edgeLook } from "../../shared/attribution/colours.js";
import { formatCount, formatPpm } from "../../shared/format/open.js";
import { visibleText } from "../../shared/format/visibleText.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Hash } from "../../shared/ui/Hash.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import type { FullReceipt, Settlement } from "./useReceipts.js";

type PathProps = {
	readonly receipt: FullReceipt;
	/** Undefined while it is read. */
	readonly settlement: Settlement | undefined;
	readonly colours: Colours;
};

/** Lines that are drawn; the rest are in the list of shares. */
const DRAWN = 8;
const ROWS_NAMED = 4;
/** A trunk from the answer down, a branch to each line. */
const BRANCH =
	"relative pl-5 before:absolute before:-top-2 before:bottom-0 before:left-2 before:w-px before:bg-soft/60 last:before:bottom-auto last:before:h-7 after:absolute after:top-5 after:left-2 after:h-px after:w-3 after:bg-soft/60";
const LINE = "grid grid-cols-1 sm:grid-cols-[minmax(0,1.1fr)_minmax(0,1fr)_minmax(0,1fr)_minmax(0,1.2fr)]";

export function PathOfMoney({ receipt, settlement, colours }: PathProps) {
	const { shares, pool } = receipt;
	const drawn = shares.slice(0, DRAWN);
	return (
		<div className="flex flex-col gap-2 text-sm">
			<Paid receipt={receipt} settlement={settlement} />
			<div className={`${LINE} hidden gap-x-3 pr-3 pl-9 text-xs font-medium text-soft sm:grid`} aria-hidden="true">
				<span>Rows that moved it</span>
				<span>Whose they are</span>
				<span>What they earned</span>
				<span>Where it is paid</span>
			</div>
			<ol className="flex flex-col gap-2">
				{drawn.map((share) => (
					<li key={share.account} className={BRANCH}>
						<Lane colour={colours.of(share.account)}>
							<Station>
								<RowsOf receipt={receipt} account={share.account} count={share.rows} />
							</Station>
							<Station>
								<Link
									href={`/earnings/${encodeURIComponent(share.account)}`}
									className="font-medium text-accent underline-offset-2 hover:underline"
								>
									<UntrustedText text={share.contributor} max={40} />
								</Link>
								<span className="block text-xs text-soft">{formatPpm(share.ppm)} of the contributors’ part</span>
							</Station>
							<Station>
								<Amount wei={share.wei} places={9} />
							</Station>
							<Station isLast>
								<Payout account={share.account} settlement={settlement} />
							</Station>
						</Lane>
					</li>
				))}
				{BigInt(pool.wei) > 0n && (
					<li className={BRANCH}>
						<Lane>
							<Station>
								<span className="text-soft">no row clearly</span>
							</Station>
							<Station>
								<span className="font-medium">The treasury</span>
								<span className="block text-xs text-soft">{formatPpm(pool.ppm)} of the contributors’ part</span>
							</Station>
							<Station>
								<Amount wei={pool.wei} places={9} />
							</Station>
							<Station isLast>
								<Payout account={settlement?.pool} settlement={settlement} />
							</Station>
						</Lane>
					</li>
				)}
			</ol>
			{shares.length > DRAWN && (
				<p className="text-soft">{formatCount(shares.length - DRAWN)} more contributors are in the list of shares.</p>
			)}
		</div>
	);
}

/** The answer, and the payment that it hangs on. */
function Paid({ receipt, settlement }: Omit<PathProps, "colours">) {
	const transaction = settlement?.payment.transaction;
	return (
		<div className="rounded-lg border border-line bg-sunken px-3 py-2">
			<div className="font-medium">
				{receipt.response === "" ? "(an empty answer)" : <UntrustedText text={receipt.response} max={160} />}
			</div>
			<div className="mt-0.5 flex flex-wrap items-center gap-x-1.5 text-xs text-soft">
				<span>paid with</span>
				<Amount wei={String(receipt.receipt.feeWei)} places={9} />
				<span>by</span>
				<Hash
					value={String(receipt.receipt.payer)}
					href={`/earnings/${encodeURIComponent(String(receipt.receipt.payer))}`}
					copy={false}
				/>
				{transaction && (
					<>
						<span>in transaction</span>
						<Hash value={transaction} href={`/network/transactions/${transaction}`} copy={false} />
					</>
				)}
			</div>
		</div>
	);
}

function Lane({ colour, children }: { readonly colour?: number; readonly children: ReactNode }) {
	const edge = colour === undefined ? "border-soft/50" : edgeLook(colour);
	return <div className={`${LINE} gap-x-2 rounded-lg border-l-4 bg-ground px-3 py-2 ${edge}`}>{children}</div>;
}

/** A line leads from each to the next: to the right, on a phone downwards. */
function Station({ isLast = false, children }: { readonly isLast?: boolean; readonly children: ReactNode }) {
	return (
		<div className="flex min-w-0 flex-col sm:flex-row sm:items-start sm:gap-2">
			<div className="min-w-0">{children}</div>
			{!isLast && (
				<>
					<span className="relative mt-2.5 hidden h-px min-w-3 flex-1 bg-soft/60 sm:block" aria-hidden="true">
						<span className="absolute -top-[3px] right-0 size-[7px] rotate-45 border-t border-r border-soft" />
					</span>
					<span className="my-0.5 ml-2 block h-3 w-px bg-soft/60 sm:hidden" aria-hidden="true" />
				</>
			)}
		</div>
	);
}

type RowsOfProps = { readonly receipt: FullReceipt; readonly account: string; readonly count: number };

function RowsOf({ receipt, account, count }: RowsOfProps) {
	const own = receipt.rows.filter((row) => row.account.toLowerCase() === account.toLowerCase()).slice(0, ROWS_NAMED);
	const more = count - own.length;
	return (
		<ul className="flex flex-wrap gap-x-2 gap-y-0.5">
			{own.map(({ row, prompt, response }) => (
				<li key={row}>
					<Link
						href={`/datanets/${encodeURIComponent(receipt.datanetId)}?tab=rows`}
						title={visibleText(`${prompt ?? ""} ${response ?? ""}`.trim(), { max: 200 })}
						className="text-accent underline-offset-2 hover:underline"
					>
						row {row}
					</Link>
				</li>
			))}
			{more > 0 && (
				<li className="text-soft">
					{own.length === 0 ? "" : "and "}
					{formatCount(more)} {own.length === 0 ? (more === 1 ? "row" : "rows") : "more"}
				</li>
			)}
		</ul>
	);
}

type PayoutProps = { readonly account: string | undefined; readonly settlement: Settlement | undefined };

function Payout({ account: whose, settlement }: PayoutProps) {
	const own = <T extends { readonly account: string }>(list: readonly T[] | undefined) =>
		list?.find(({ account }) => account.toLowerCase() === whose?.toLowerCase());
	const claim = own(settlement?.epoch?.claims);
	if (claim !== undefined)
		return (
			<>
				<span className="inline-flex flex-wrap items-center gap-x-1">
					claimed in <Hash value={claim.transaction} href={`/network/transactions/${claim.transaction}`} copy={false} />
				</span>
				<span className="block text-xs text-soft">with what else it had earned until then</span>
			</>
		);
	return <Root settlement={settlement} />;
}

/** The root that the pay is under, or why there is none yet. */
function Root({ settlement }: { readonly settlement: Settlement | undefined }) {
	if (settlement === undefined) return <span className="text-soft">…</span>;
	const { epoch } = settlement;
	if (epoch === null) return <span className="text-soft">waits for its epoch to close</span>;
	const link = (
		<Link href={`/network/epochs/${epoch.epoch}`} className="text-accent underline underline-offset-2">
			epoch {epoch.epoch}
		</Link>
	);
	const said = {
		collecting: "is being closed",
		ready: "is being closed",
		stored: "is being closed",
		proposed: "is proposed; it can still be challenged",
		active: "pays: to be claimed",
		fallen: "fell to a challenge; another root follows",
	}[epoch.status];
	return (
		<>
			<span>
				{link} {said}
			</span>
			{epoch.proposal && (
				<span className="flex items-center gap-x-1 text-xs text-soft">
					root in <Hash value={epoch.proposal} href={`/network/transactions/${epoch.proposal}`} copy={false} />
				</span>
			)}
		</>
	);
}
