// "Check it": the epoch recomputed from the bytes on the data layer, and held against what stands on chain, field by field.

import { formatCount } from "../../shared/format/open.js";
import { Badge } from "../../shared/ui/Badge.js";
import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { shortHash } from "../../shared/ui/Hash.js";
import { Notice } from "../../shared/ui/Notice.js";
import { Table } from "../../shared/ui/Table.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { type EpochCheck, useEpochCheck } from "./useNetwork.js";

const FIELDS: Readonly<Record<string, string>> = {
	epoch: "number of the epoch",
	receiptsRoot: "root of receipts",
	receipts: "receipts",
	earningsRoot: "root of earnings",
	accounts: "accounts",
	totalCumulativeWei: "earned by all, wei",
	dataRoot: "root of data",
	dataChunks: "chunks of data",
};

export function EpochCheckCard({ epoch, isOnChain }: { readonly epoch: number; readonly isOnChain: boolean }) {
	const { data, error, isFetching, refetch } = useEpochCheck(epoch);
	return (
		<Card
			title="Check it"
			aside={
				<Button kind="primary" onClick={() => refetch()} busy={isFetching} disabled={!isOnChain}>
					{data === undefined ? "Recompute this epoch" : "Recompute again"}
				</Button>
			}
		>
			<p className="text-sm text-soft">
				{isOnChain
					? "The node fetches the epoch's bytes from the data layer, recomputes every root, every signature and what each account is due, and holds it against the chain."
					: "There is nothing on chain to check against until its root is proposed."}
			</p>
			<div aria-live="polite" className="mt-3 flex flex-col gap-3">
				{error !== null && (
					<Notice tone="bad" title="It could not be checked">
						{error.message}
					</Notice>
				)}
				{data !== undefined && <Result of={data} />}
			</div>
		</Card>
	);
}

function Result({ of }: { readonly of: EpochCheck }) {
	const isEqual = of.fields.every(({ equal }) => equal) && of.faults.length === 0;
	const counted = [many(of.bytes, "byte"), many(of.receipts, "signed receipt"), many(of.accounts, "account")];
	const read = `${counted.join(", ")} and ${many(of.earlier, "earlier epoch")} read in ${of.seconds} s.`;
	return (
		<>
			<Notice
				tone={isEqual ? "good" : "bad"}
				title={isEqual ? "Equal: every root is what its data gives" : "Not equal"}
			>
				{read}
			</Notice>
			{of.faults.length > 0 && (
				<ul className="list-disc pl-5 text-sm text-bad">
					{of.faults.slice(0, 50).map(({ kind, message }) => (
						<li key={`${kind}${message}`}>
							{kind}: <UntrustedText text={message} max={300} />
						</li>
					))}
				</ul>
			)}
			<Table
				caption="What the chain says and what the data gives"
				rows={of.fields}
				keyOf={({ field }) => field}
				columns={[
					{ head: "What", cell: ({ field }) => FIELDS[field] ?? field },
					{ head: "On chain", cell: ({ onChain }) => <Text value={onChain} /> },
					{ head: "Recomputed", cell: ({ recomputed }) => <Text value={recomputed} /> },
					{
						head: "Result",
						cell: ({ equal }) => (equal ? <Badge tone="good">equal</Badge> : <Badge tone="bad">differs</Badge>),
					},
				]}
			/>
		</>
	);
}

const many = (n: number, noun: string): string => `${formatCount(n)} ${noun}${n === 1 ? "" : "s"}`;

const Text = ({ value }: { readonly value: string }) => (
	<span className="font-mono text-[0.92em] whitespace-nowrap" title={value}>
		{value.startsWith("0x") ? shortHash(value) : value}
	</span>
);
