// One contribution under review: its rows, what the checks said, where it stands, who judges, and what one may do about it.

import type { Hex } from "viem";
import { formatCount } from "../../../shared/format/open.js";
import { Amount } from "../../../shared/ui/Amount.js";
import { Badge } from "../../../shared/ui/Badge.js";
import { Button } from "../../../shared/ui/Button.js";
import { Card } from "../../../shared/ui/Card.js";
import { Countdown } from "../../../shared/ui/Countdown.js";
import { Facts } from "../../../shared/ui/Facts.js";
import { Hash } from "../../../shared/ui/Hash.js";
import { QueryView } from "../../../shared/ui/QueryView.js";
import { UntrustedText } from "../../../shared/ui/UntrustedText.js";
import { useWallet } from "../../../shared/wallet/useWallet.js";
import { CheckTable } from "../CheckTable.js";
import { ContributorName } from "../ContributorName.js";
import type { ShownContribution } from "../types.js";
import { useContribution, useRows } from "../useDatanets.js";
import { deadlineOf, RULE_NAMES, reasonOf, STAGE_NAMES, statusOf } from "../words.js";
import { Actions } from "./Actions.js";
import { JuryCard } from "./JuryCard.js";

export function ReviewDetail({ id, onClose }: { readonly id: Hex; readonly onClose: () => void }) {
	const { address } = useWallet();
	const query = useContribution(id, address);
	return (
		<Card title="The contribution" aside={<Button onClick={onClose}>Close</Button>}>
			<QueryView query={query} lines={12}>
				{(one) => (
					<div className="grid items-start gap-6 lg:grid-cols-2">
						<Standing one={one} />
						<div className="flex min-w-0 flex-col gap-4">
							{one.dispute !== undefined && <JuryCard one={one} dispute={one.dispute} />}
							<Actions one={one} />
						</div>
						<Findings one={one} />
						<ItsRows one={one} />
					</div>
				)}
			</QueryView>
		</Card>
	);
}

function Standing({ one }: { readonly one: ShownContribution }) {
	const { onChain, rule, contributor, account, datanet, offeredRows, acceptedRows, id } = one;
	const { text, tone } = statusOf(one);
	const reason = onChain && reasonOf(onChain.reasonCode);
	const deadline = deadlineOf(onChain);
	return (
		<Facts
			of={[
				["Contributor", <ContributorName key="who" name={contributor} account={account} />],
				["Datanet", <UntrustedText key="datanet" text={datanet} max={60} />],
				["Who decides", RULE_NAMES[rule]],
				[
					"Now",
					<Badge key="now" tone={tone}>
						{reason === undefined ? text : `${text}: ${reason}`}
					</Badge>,
				],
				["Stage", onChain === undefined ? "Not on chain" : STAGE_NAMES[onChain.stage]],
				...(deadline === undefined
					? []
					: ([["Until", <Countdown key="until" to={deadline} over="its time is over" />]] as const)),
				["Rows", `${formatCount(acceptedRows)} of ${formatCount(offeredRows)} pass the node's checks`],
				["Stake", <Amount key="stake" wei={onChain?.stakeWei ?? "0"} />],
				["Id", <Hash key="id" value={id} />],
			]}
		/>
	);
}

function Findings({ one }: { readonly one: ShownContribution }) {
	const { checks, rejected, flagged, rejectedRows, flaggedRows } = one;
	const lines = [
		...rejected.map((line) => ({ ...line, what: "refused" })),
		...flagged.map((line) => ({ ...line, what: "flagged" })),
	].sort((a, b) => a.line - b.line);
	return (
		<div className="min-w-0">
			<h3 className="mb-1 text-sm font-semibold">What the checks said</h3>
			<CheckTable checks={checks} />
			{lines.length > 0 && (
				<ul className="mt-3 flex max-h-72 flex-col gap-1 overflow-y-auto text-xs" aria-label="Lines with findings">
					{lines.map(({ line, code, reason, what }, place) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: a line may have several findings of one code
						<li key={`${line} ${code} ${place}`}>
							line {line} {what}, {code}: <UntrustedText text={reason} max={200} />
						</li>
					))}
				</ul>
			)}
			{rejectedRows + flaggedRows > lines.length && (
				<p className="mt-1 text-xs text-soft">
					{formatCount(rejectedRows)} lines refused and {formatCount(flaggedRows)} flagged in all.
				</p>
			)}
		</div>
	);
}

function ItsRows({ one }: { readonly one: ShownContribution }) {
	const query = useRows(one.datanetId, { contributionId: one.id });
	return (
		<div className="min-w-0">
			<h3 className="mb-1 text-sm font-semibold">Its rows that pass</h3>
			<QueryView query={query} lines={6}>
				{({ pages }) => (
					<>
						<ul className="flex max-h-96 flex-col gap-2 overflow-y-auto text-sm" aria-label="Rows of the contribution">
							{pages.flatMap(({ rows }) =>
								rows.map(({ row, prompt, response }) => (
									<li key={row}>
										{prompt === undefined && response === undefined ? (
											<span className="text-soft italic">erased</span>
										) : (
											<>
												<UntrustedText text={prompt ?? ""} max={200} />{" "}
												<UntrustedText text={response ?? ""} max={400} />
											</>
										)}
									</li>
								)),
							)}
						</ul>
						{query.hasNextPage && (
							<Button className="mt-2" busy={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
								More rows
							</Button>
						)}
					</>
				)}
			</QueryView>
		</div>
	);
}
