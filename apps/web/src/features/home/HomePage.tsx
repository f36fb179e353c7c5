// The first page: what the network is doing now. Every number leads to what proves it.

import { formatCount, formatOpen } from "../../shared/format/open.js";
import { Notice } from "../../shared/ui/Notice.js";
import { Page } from "../../shared/ui/Page.js";
import { Stat } from "../../shared/ui/Stat.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { Feed } from "./Feed.js";
import { Fees } from "./Fees.js";
import { Steps } from "./Steps.js";
import { useSummary } from "./useActivity.js";

/** Decimals of amounts that stand large. */
const PLACES = 4;

export default function HomePage() {
	const { data: now, error } = useSummary();
	return (
		<Page
			title="What the network is doing now"
			lead="People contribute rows, models learn from them, and every answer pays the rows that moved it. Each number here leads to its proof."
		>
			{error !== null && now === undefined && (
				<Notice tone="bad" title="This could not be read">
					{error.message}
				</Notice>
			)}
			<section aria-labelledby="numbers">
				<h2 id="numbers" className="sr-only">
					In numbers
				</h2>
				<div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
					<Stat
						label="Answers"
						value={now && formatCount(now.answers)}
						href="/receipts"
						note={now && (now.unsettled === 0 ? "all settled" : `${formatCount(now.unsettled)} wait to be settled`)}
					/>
					<Stat
						label="Fees in OPEN"
						value={now && formatOpen(now.feesWei, PLACES)}
						href="/network?tab=epochs"
						note="paid for all answers"
					/>
					<Stat
						label="Paid out in OPEN"
						value={now && formatOpen(now.money.claimedWei, PLACES)}
						href="/earnings"
						note={now && `of ${formatOpen(now.money.contributorsWei, PLACES)} earned`}
					/>
					<Stat
						label="Contributors"
						value={now && formatCount(now.contributors)}
						href="/datanets"
						note={now && `${formatCount(now.rows)} rows, ${datanets(now.datanets)}`}
					/>
					<Stat label="Models" value={now && formatCount(now.models)} href="/models" note="published and served" />
					<Stat
						label="Block"
						value={now && formatCount(now.block)}
						href="/network"
						note={now && <TimeAgo at={now.blockAt} />}
					/>
				</div>
			</section>
			<Steps />
			<div className="grid items-start gap-5 lg:grid-cols-[1fr_24rem]">
				<Feed />
				<Fees of={now} />
			</div>
		</Page>
	);
}

const datanets = (n: number) => `${formatCount(n)} ${n === 1 ? "datanet" : "datanets"}`;
