// Where the fees of all answers are now: a bar, and the same in words.

import { formatPpm } from "../../shared/format/open.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Card } from "../../shared/ui/Card.js";
import type { Summary } from "./useActivity.js";

const PPM = 1_000_000n;

export function Fees({ of }: { readonly of: Summary | undefined }) {
	const parts = of && divide(of);
	const sum = parts?.reduce((total, { wei }) => total + wei, 0n) ?? 0n;
	const ppm = (wei: bigint) => (sum === 0n ? 0 : Number((wei * PPM) / sum));
	return (
		<Card title="Where the fees went">
			<div className="flex h-3 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
				{parts?.map(({ name, wei, colour }) => (
					<div key={name} className={colour} style={{ width: `${ppm(wei) / 10_000}%` }} />
				))}
			</div>
			<dl className="mt-4 flex min-h-28 flex-col gap-2 text-sm">
				{parts?.map(({ name, wei, colour }) => (
					<div key={name} className="flex items-baseline gap-x-2">
						<span aria-hidden="true" className={`size-2.5 self-center rounded-full ${colour}`} />
						<dt className="flex-1 text-soft">{name}</dt>
						<dd className="text-right whitespace-nowrap">
							<Amount wei={wei} />
							<span className="ml-2 inline-block w-13 text-soft">{formatPpm(ppm(wei))}</span>
						</dd>
					</div>
				))}
			</dl>
			<p className="mt-3 text-xs text-soft">
				Every answer's fee is divided to the last wei: these parts are all of it, whoever settles.
			</p>
		</Card>
	);
}

type Part = { readonly name: string; readonly wei: bigint; readonly colour: string };

function divide({ feesWei, money }: Summary): readonly Part[] {
	const [fees, collected, contributors, claimed] = [
		feesWei,
		money.totalWei,
		money.contributorsWei,
		money.claimedWei,
	].map(BigInt) as [bigint, bigint, bigint, bigint];
	const atLeastNone = (wei: bigint) => (wei > 0n ? wei : 0n);
	return [
		{ name: "Contributors: claimed", wei: claimed, colour: "bg-mark-1" },
		{ name: "Contributors: unclaimed", wei: atLeastNone(contributors - claimed), colour: "bg-mark-4" },
		{ name: "Owners, nodes, treasury", wei: atLeastNone(collected - contributors), colour: "bg-mark-2" },
		{ name: "Not settled yet", wei: atLeastNone(fees - collected), colour: "bg-mark-3" },
	];
}
