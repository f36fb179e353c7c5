// What everybody earned, what of it can be claimed, and the step that settles what answers have brought in since.

import { formatOpen } from "../../shared/format/open.js";
import { ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Hash } from "../../shared/ui/Hash.js";
import { Page } from "../../shared/ui/Page.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { ShareBar } from "../../shared/ui/ShareBar.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { FindAccount } from "./FindAccount.js";
import { Settlement } from "./Settlement.js";
import { StatOpen } from "./StatOpen.js";
import { LISTED, type Reward, type Rewards, useRewards } from "./useEarnings.js";

export default function EarningsPage() {
	const query = useRewards();
	const sums = query.data?.sums;
	return (
		<Page
			title="Earnings"
			lead="Each answer pays the contributors whose rows moved it. Epochs settle what answers brought in; once an epoch's root can no longer be challenged, everybody's part can be claimed by proof."
			actions={<FindAccount />}
		>
			<div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
				<StatOpen label="Earned" wei={sums?.earnedWei} note="by epochs that pay" />
				<StatOpen label="Claimed" wei={sums?.claimedWei} note="paid out" />
				<StatOpen label="Claimable" wei={sums?.claimableWei} note="by proof, any time" />
				<StatOpen label="Pending" wei={sums?.challengedWei} note="can be challenged" />
			</div>
			<Settlement query={query} />
			<Card title="Contributors" aside={sums && `${sums.accounts} accounts, amounts in OPEN`}>
				<QueryView
					query={query}
					lines={6}
					isEmpty={({ rewards }) => rewards.length === 0}
					empty={
						<Empty title="Nobody has earned yet" action={<ButtonLink href="/playground">Ask a model</ButtonLink>}>
							Contribute rows, train a model on them, ask it something, then settle: whoever the answer used appears
							here.
						</Empty>
					}
				>
					{(rewards) => <Contributors of={rewards} />}
				</QueryView>
			</Card>
		</Page>
	);
}

function Contributors({ of: { rewards, sums } }: { readonly of: Rewards }) {
	const total = BigInt(sums.earnedWei) + BigInt(sums.challengedWei);
	const ppm = ({ earnedWei, challengedWei }: Reward) =>
		total === 0n ? 0 : Number(((BigInt(earnedWei) + BigInt(challengedWei)) * 1_000_000n) / total);
	const columns: readonly Column<Reward>[] = [
		{ head: "Contributor", cell: ({ contributor, account }) => <Earner name={contributor} account={account} /> },
		{ head: "Earned", align: "right", cell: ({ earnedWei }) => formatOpen(earnedWei) },
		{ head: "Claimed", align: "right", wide: true, cell: ({ claimedWei }) => formatOpen(claimedWei) },
		{ head: "Claimable", align: "right", cell: ({ claimableWei }) => formatOpen(claimableWei) },
		{ head: "Challengeable", align: "right", wide: true, cell: ({ challengedWei }) => formatOpen(challengedWei) },
		{ head: "Share", wide: true, cell: (reward) => <ShareBar ppm={ppm(reward)} /> },
	];
	return (
		<>
			<Table
				caption="Contributors and what they earned"
				columns={columns}
				rows={rewards}
				keyOf={({ account }) => account}
			/>
			{sums.accounts > LISTED && (
				<p className="mt-3 text-sm text-soft">
					The {LISTED} largest of {sums.accounts}. Any other is found by its address.
				</p>
			)}
		</>
	);
}

function Earner({ name, account }: { readonly name: string; readonly account: string }) {
	return (
		<Hash
			value={account}
			href={`/earnings/${account}`}
			copy={false}
			{...(name.toLowerCase() !== account.toLowerCase() && { name })}
		/>
	);
}
