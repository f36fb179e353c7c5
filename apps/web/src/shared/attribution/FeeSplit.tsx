// Where the fee of an answer went, in OPEN, to the wei: parts that sum to the whole.

import { formatPpm } from "../format/open.js";
import { Amount } from "../ui/Amount.js";
import { MARKS } from "../ui/ShareBar.js";
import type { ShownReceipt } from "./shownReceipt.js";

type FeeSplitProps = { readonly receipt: Pick<ShownReceipt, "fee" | "pool"> };

const SOFT = "bg-soft/50";

export function FeeSplit({ receipt: { fee, pool } }: FeeSplitProps) {
	const total = Object.values(fee).reduce((sum, wei) => sum + BigInt(wei), 0n);
	const parts = [
		["Contributors", "whose rows moved the answer", BigInt(fee.contributors) - BigInt(pool.wei), MARKS[0]],
		["Pool", "no row clearly: to the treasury", BigInt(pool.wei), SOFT],
		["Owner", "who had the model trained", BigInt(fee.owner), MARKS[1]],
		["Node", "that computed the answer", BigInt(fee.node), MARKS[2]],
		["Stakers", "who vouch for the node", BigInt(fee.stakers), MARKS[3]],
		["Treasury", "of the network", BigInt(fee.treasury), MARKS[4]],
		["Platform", "a fixed part of every answer", BigInt(fee.platform), MARKS[5]],
	] as const;
	const shown = parts.filter(([name, , wei]) => name !== "Pool" || wei > 0n);
	const ppmOf = (wei: bigint) => (total === 0n ? 0 : Number((wei * 1_000_000n) / total));
	return (
		<div className="flex flex-col gap-3 text-sm">
			<div className="flex h-3 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
				{shown.map(([name, , wei, look]) => (
					<div key={name} className={look} style={{ width: `${ppmOf(wei) / 10_000}%` }} />
				))}
			</div>
			<dl className="grid grid-cols-[minmax(0,1fr)_auto_auto] gap-x-3 gap-y-1.5">
				{shown.map(([name, what, wei, look]) => (
					<div key={name} className="contents">
						<dt className="flex min-w-0 items-baseline gap-2">
							<span className={`size-2.5 shrink-0 rounded-sm ${look}`} aria-hidden="true" />
							<span>
								{name} <span className="text-xs text-soft">{what}</span>
							</span>
						</dt>
						<dd className="text-right text-soft">{formatPpm(ppmOf(wei))}</dd>
						<dd className="text-right">
							<Amount wei={wei} places={7} />
						</dd>
					</div>
				))}
				<div className="contents font-medium">
					<dt className="border-t border-line pt-1.5">Fee</dt>
					<dd className="-mx-3 border-t border-line pt-1.5" />
					<dd className="border-t border-line pt-1.5 text-right">
						<Amount wei={total} places={7} />
					</dd>
				</div>
			</dl>
		</div>
	);
}
