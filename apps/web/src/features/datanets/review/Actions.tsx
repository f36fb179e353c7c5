// What the connected account may do about a contribution now, and what it puts down for it.

import type { Address } from "viem";
import { useChainNow } from "../../../shared/api/chainClock.js";
import { exactOpen } from "../../../shared/format/open.js";
import { Amount } from "../../../shared/ui/Amount.js";
import { Button } from "../../../shared/ui/Button.js";
import { RequireWallet } from "../../../shared/wallet/RequireWallet.js";
import { TransactionStatus } from "../../../shared/wallet/TransactionStatus.js";
import type { ShownContribution } from "../types.js";
import { possibleOf } from "./possible.js";
import { useRegistryCall } from "./useRegistryCall.js";

export function Actions({ one }: { readonly one: ShownContribution }) {
	return (
		<RequireWallet to="dispute, defend or bring this on">
			{(account) => <Acting key={account} one={one} account={account} />}
		</RequireWallet>
	);
}

function Acting({ one, account }: { readonly one: ShownContribution; readonly account: Address }) {
	const { tx, call } = useRegistryCall(account);
	const possible = possibleOf(one, account, useChainNow());
	const owedWei = BigInt(one.viewer?.owedWei ?? 0);
	return (
		<div className="flex flex-col gap-3">
			<h3 className="text-sm font-semibold">What you can do</h3>
			{possible.length === 0 && owedWei === 0n && (
				<p className="text-sm text-soft">
					{one.onChain?.stage === "final"
						? "Nothing: the decision is final."
						: "Nothing else now: it waits for its time, or for others."}
				</p>
			)}
			<ul className="flex flex-col gap-3">
				{possible.map(({ name, text, costWei, ...rest }) => (
					<li key={name} className="text-sm">
						<Button
							disabled={tx.isBusy}
							onClick={() => call({ ...rest, arg: one.id, ...(costWei !== undefined && { costWei }) })}
						>
							{name}
							{costWei !== undefined && costWei > 0n && (
								<span>
									for <Amount wei={costWei} />
								</span>
							)}
						</Button>
						<p className="mt-1 text-xs text-soft">{text}</p>
					</li>
				))}
				{owedWei > 0n && (
					<li className="text-sm">
						<Button
							disabled={tx.isBusy}
							onClick={() =>
								call({
									label: `Draw ${exactOpen(owedWei)} OPEN of stakes and deposits`,
									functionName: "withdraw",
									arg: account,
								})
							}
						>
							Draw <Amount wei={owedWei} />
						</Button>
						<p className="mt-1 text-xs text-soft">Stakes and deposits of yours that came free.</p>
					</li>
				)}
			</ul>
			<TransactionStatus of={tx} />
		</div>
	);
}
