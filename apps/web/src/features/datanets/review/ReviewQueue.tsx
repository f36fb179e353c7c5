// Contributions that can still change: what they wait for and until when. One of them opens below, and can be linked to.

import { useState } from "react";
import type { Hex } from "viem";
import { useSearchParams } from "wouter";
import { formatCount } from "../../../shared/format/open.js";
import { Badge } from "../../../shared/ui/Badge.js";
import { Button } from "../../../shared/ui/Button.js";
import { Card } from "../../../shared/ui/Card.js";
import { Countdown } from "../../../shared/ui/Countdown.js";
import { Empty } from "../../../shared/ui/Empty.js";
import { Pager } from "../../../shared/ui/Pager.js";
import { QueryView } from "../../../shared/ui/QueryView.js";
import { type Column, Table } from "../../../shared/ui/Table.js";
import { UntrustedText } from "../../../shared/ui/UntrustedText.js";
import { ContributorName } from "../ContributorName.js";
import type { Review } from "../types.js";
import { REVIEWS_AT_ONCE, useReviews } from "../useDatanets.js";
import { deadlineOf, STAGE_NAMES, statusOf } from "../words.js";
import { ReviewDetail } from "./ReviewDetail.js";

const PARAM = "contribution";

/** Of one datanet, or of all. */
export function ReviewQueue({ datanet }: { readonly datanet?: string }) {
	const [from, setFrom] = useState(0);
	const [search, setSearch] = useSearchParams();
	const query = useReviews(datanet, from);
	const asked = search.get(PARAM) ?? "";
	const open = /^0x[0-9a-f]{64}$/.test(asked) ? (asked as Hex) : undefined;
	const show = (id: Hex | undefined) =>
		setSearch(
			(before) => {
				if (id === undefined) before.delete(PARAM);
				else before.set(PARAM, id);
				return before;
			},
			{ replace: true },
		);
	const columns: readonly Column<Review>[] = [
		{ head: "Contributor", cell: (one) => <ContributorName name={one.contributor} account={one.account} /> },
		...(datanet === undefined
			? [{ head: "Datanet", cell: (one: Review) => <UntrustedText text={one.datanet} max={40} /> }]
			: []),
		{
			head: "Rows",
			align: "right",
			wide: true,
			cell: ({ acceptedRows, offeredRows }) => `${formatCount(acceptedRows)} of ${formatCount(offeredRows)}`,
		},
		{
			head: "Now",
			wide: true,
			cell: (one) => {
				const { text, tone } = statusOf(one);
				return <Badge tone={tone}>{text}</Badge>;
			},
		},
		{ head: "Stage", cell: ({ onChain }) => (onChain === undefined ? "Not on chain" : STAGE_NAMES[onChain.stage]) },
		{
			head: "Until",
			wide: true,
			cell: ({ onChain }) => {
				const deadline = deadlineOf(onChain);
				return deadline === undefined ? "—" : <Countdown to={deadline} over="its time is over" />;
			},
		},
		{
			head: "Details",
			align: "right",
			cell: ({ id, contributor }) => (
				<Button aria-label={`Look at the contribution of ${contributor.slice(0, 42)}`} onClick={() => show(id)}>
					Look
				</Button>
			),
		},
	];
	return (
		<div className="flex flex-col gap-5">
			<Card title="Reviews and disputes" aside="what can still change">
				<QueryView
					query={query}
					lines={6}
					isEmpty={({ reviews }) => reviews.length === 0 && from === 0}
					empty={
						<Empty title="Nothing waits for a review">
							Every contribution is final. New ones stand here until no appeal can follow.
						</Empty>
					}
				>
					{({ reviews, hasMore }) => (
						<>
							<Table caption="Contributions under review" columns={columns} rows={reviews} keyOf={({ id }) => id} />
							<Pager of="reviews" from={from} size={REVIEWS_AT_ONCE} hasMore={hasMore} onMove={setFrom} />
						</>
					)}
				</QueryView>
			</Card>
			{open !== undefined && <ReviewDetail key={open} id={open} onClose={() => show(undefined)} />}
		</div>
	);
}
