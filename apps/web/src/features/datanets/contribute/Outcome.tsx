// What became of a contribution, and where it goes on.

import { formatCount } from "../../../shared/format/open.js";
import { ButtonLink } from "../../../shared/ui/Button.js";
import { Notice } from "../../../shared/ui/Notice.js";
import type { ContributionStatus, Datanet } from "../types.js";

export type Told = {
	readonly status: ContributionStatus;
	readonly acceptedRows: number;
	readonly offeredRows: number;
};

export function Outcome({ datanet, told }: { readonly datanet: Datanet; readonly told: Told }) {
	const { status, acceptedRows, offeredRows } = told;
	const tab = (name: string) => `/datanets/${encodeURIComponent(datanet.name)}?tab=${name}`;
	if (status === "accepted") {
		return (
			<Notice tone="good" title="Contributed" action={<ButtonLink href={tab("rows")}>See the rows</ButtonLink>}>
				{formatCount(acceptedRows)} of {formatCount(offeredRows)} rows were accepted. They earn once a model has learnt
				from them.
			</Notice>
		);
	}
	if (status === "rejected") {
		return (
			<Notice tone="warn" title="Refused" action={<ButtonLink href={tab("reviews")}>See why</ButtonLink>}>
				None of the {formatCount(offeredRows)} rows was taken; the stake comes back. The decision can be appealed.
			</Notice>
		);
	}
	return (
		<Notice tone="good" title="Offered" action={<ButtonLink href={tab("reviews")}>Follow the review</ButtonLink>}>
			{formatCount(offeredRows)} rows are on chain and wait for their review.
		</Notice>
	);
}
