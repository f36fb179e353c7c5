// Stakes: what an account has behind whom, everybody who is stood behind, seats on juries, and what all of it risks.

import { useState } from "react";
import { type Address, isAddress } from "viem";
import { useSearchParams } from "wouter";
import { ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Hash } from "../../shared/ui/Hash.js";
import { Notice } from "../../shared/ui/Notice.js";
import { Page } from "../../shared/ui/Page.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { useWallet } from "../../shared/wallet/useWallet.js";
import { Deposits } from "./Deposits.js";
import { JurySeats } from "./JurySeats.js";
import { OperatorList } from "./OperatorList.js";
import { Positions } from "./Positions.js";
import { Risks } from "./Risks.js";
import { Slashes } from "./Slashes.js";
import { StakeForm } from "./StakeForm.js";
import { useOperators, useStaker } from "./useStakes.js";

export default function StakePage() {
	const [search] = useSearchParams();
	const { address } = useWallet();
	const operators = useOperators();
	const [chosen, setChosen] = useState("");
	const asked = search.get("of");
	const shown = asked !== null && isAddress(asked, { strict: false }) ? (asked.toLowerCase() as Address) : address;
	const isOwn = shown !== undefined && shown.toLowerCase() === address?.toLowerCase();
	const choose = (operator: string) => {
		setChosen(operator);
		document.getElementById("stake-form")?.scrollIntoView({ block: "center" });
	};
	return (
		<Page
			title="Stake"
			lead="OPEN behind a node, trainer, verifier or curator: it earns with it, and can be slashed with it."
			actions={asked !== null && address !== undefined && !isOwn && <ButtonLink href="/stake">My stake</ButtonLink>}
		>
			<Risks constants={operators.data?.constants ?? []} />
			{shown === undefined ? (
				<Notice title="Connect a wallet to see and change its stake">The button is at the top of the page.</Notice>
			) : (
				<Account key={shown} account={shown} isOwn={isOwn} />
			)}
			<Card title="Stake behind an operator">
				<StakeForm key={chosen} chosen={chosen} operators={operators.data?.operators ?? []} />
			</Card>
			<Card title="Operators" aside={operators.data && `${operators.data.count} in all, amounts in OPEN`}>
				<QueryView query={operators} lines={5}>
					{(all) => <OperatorList of={all} onChoose={choose} />}
				</QueryView>
			</Card>
			<Card title="Slashes">
				<QueryView query={operators} lines={3}>
					{({ slashes }) => <Slashes of={slashes} />}
				</QueryView>
			</Card>
		</Page>
	);
}

function Account({ account, isOwn }: { readonly account: Address; readonly isOwn: boolean }) {
	const query = useStaker(account);
	const constants = useOperators().data?.constants ?? [];
	return (
		<>
			<Card title={isOwn ? "My stake" : "Stake of this account"} aside={<Hash value={account} />}>
				<QueryView query={query} lines={6}>
					{(staker) => <Positions of={staker} isOwn={isOwn} />}
				</QueryView>
			</Card>
			<Card title={isOwn ? "My seats on juries" : "Seats on juries"}>
				<QueryView query={query} lines={6}>
					{(staker) => <JurySeats of={staker} isOwn={isOwn} constants={constants} />}
				</QueryView>
			</Card>
			<Card title={isOwn ? "My rows and disputes" : "Rows and disputes"}>
				<Deposits account={account} isOwn={isOwn} />
			</Card>
		</>
	);
}
