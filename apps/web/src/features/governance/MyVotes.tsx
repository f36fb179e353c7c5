// With how much the connected account votes, and whom it lets vote. OPEN votes only once it is delegated, to oneself too.

import { openTokenAbi } from "@openledger/sdk/ledger";
import { type FormEvent, useState } from "react";
import { type Address, getAddress, isAddress, zeroAddress } from "viem";
import { useStatus } from "../../shared/api/useStatus.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { TextField } from "../../shared/ui/Field.js";
import { Hash } from "../../shared/ui/Hash.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { RequireWallet } from "../../shared/wallet/RequireWallet.js";
import { TransactionStatus } from "../../shared/wallet/TransactionStatus.js";
import { useTransaction } from "../../shared/wallet/useTransaction.js";
import { useVoter, type Voter } from "./useGovernance.js";

export function MyVotes() {
	return (
		<Card title="My votes">
			<RequireWallet to="see and use your votes">{(address) => <Votes account={address} />}</RequireWallet>
		</Card>
	);
}

function Votes({ account }: { readonly account: Address }) {
	const query = useVoter(account);
	return (
		<QueryView query={query} lines={3}>
			{(voter) => <Delegation account={account} voter={voter} />}
		</QueryView>
	);
}

function Delegation({ account, voter }: { readonly account: Address; readonly voter: Voter }) {
	const token = useStatus().data?.addresses.openToken;
	const tx = useTransaction();
	const [isOpen, setOpen] = useState(false);
	const [other, setOther] = useState("");
	const isSelf = voter.delegate.toLowerCase() === account.toLowerCase();
	const isNobody = voter.delegate === zeroAddress;
	const isWrong = other.trim() !== "" && !isAddress(other.trim(), { strict: false });
	const delegate = async (whom: Address, label: string) => {
		if (token === undefined) return;
		const call = { address: token, abi: openTokenAbi, functionName: "delegate", args: [whom] };
		if ((await tx.send({ label, ...call })) !== undefined) setOpen(false);
	};
	const toOther = (event: FormEvent) => {
		event.preventDefault();
		if (isWrong || other.trim() === "") return;
		const whom = getAddress(other.trim().toLowerCase());
		delegate(whom, `Let ${whom} vote with your OPEN; the OPEN stays yours`);
	};
	return (
		<div className="flex flex-col gap-3">
			<div className="flex flex-wrap items-center justify-between gap-3">
				<div>
					<p>
						You vote with <Amount wei={voter.votesWei} places={2} />.
					</p>
					<p className="text-sm text-soft">
						{isNobody && "Your own OPEN votes for nobody yet: let it vote by yourself or by somebody you trust."}
						{isSelf && "Your own OPEN votes by yourself."}
						{!isNobody && !isSelf && (
							<>
								Your own OPEN votes by <Hash value={voter.delegate} />.
							</>
						)}{" "}
						It counts on proposals made afterwards.
					</p>
				</div>
				<div className="flex flex-wrap gap-2">
					{!isSelf && (
						<Button
							kind={isNobody ? "primary" : "plain"}
							disabled={token === undefined}
							busy={tx.isBusy}
							onClick={() => delegate(account, "Let your OPEN vote by yourself")}
						>
							Vote myself
						</Button>
					)}
					<Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
						Let somebody else vote …
					</Button>
				</div>
			</div>
			{isOpen && (
				<form onSubmit={toOther} className="flex max-w-xl flex-wrap items-start gap-3">
					<div className="min-w-60 flex-1">
						<TextField
							label="Who votes with your OPEN"
							placeholder="0x…"
							value={other}
							maxLength={42}
							error={isWrong ? "This is no address." : undefined}
							hint="You keep the OPEN and can take the votes back at any time."
							onChange={(event) => setOther(event.target.value)}
						/>
					</div>
					<Button type="submit" className="mt-6" disabled={isWrong || other.trim() === ""} busy={tx.isBusy}>
						Delegate
					</Button>
				</form>
			)}
			<TransactionStatus of={tx} />
		</div>
	);
}
