// What of stakes put down for rows, and of deposits in disputes, came free: kept by the datanet registry until somebody draws it.

import { datanetRegistryAbi } from "@openledger/sdk/ledger";
import type { Address } from "viem";
import { useReadContract } from "wagmi";
import { useStatus } from "../../shared/api/useStatus.js";
import { formatOpen } from "../../shared/format/open.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Button } from "../../shared/ui/Button.js";
import { TransactionStatus } from "../../shared/wallet/TransactionStatus.js";
import { useTransaction } from "../../shared/wallet/useTransaction.js";
import { useWallet } from "../../shared/wallet/useWallet.js";

const EVERY_MS = 4000;

type DepositsProps = { readonly account: Address; readonly isOwn: boolean };

export function Deposits({ account, isOwn }: DepositsProps) {
	const registry = useStatus().data?.addresses.datanetRegistry;
	const { address, isWrongNetwork } = useWallet();
	const tx = useTransaction();
	const owed = useReadContract({
		...{ address: registry, abi: datanetRegistryAbi, functionName: "owed", args: [account] },
		query: { enabled: registry !== undefined, refetchInterval: EVERY_MS },
	});
	const wei = owed.data ?? 0n;
	const draw = async () => {
		if (registry === undefined) return;
		const label = `Draw ${formatOpen(wei)} OPEN of stakes and deposits for ${isOwn ? "my account" : account}`;
		await tx.send({ label, address: registry, abi: datanetRegistryAbi, functionName: "withdraw", args: [account] });
		await owed.refetch();
	};
	return (
		<div className="flex flex-col gap-3">
			<div className="flex flex-wrap items-center justify-between gap-3 text-sm">
				<span>
					Of stakes for rows and deposits in disputes,{" "}
					{owed.data === undefined ? (
						owed.error === null ? (
							"…"
						) : (
							"what came free could not be read"
						)
					) : (
						<Amount wei={wei} />
					)}{" "}
					{owed.data !== undefined && `came free for ${isOwn ? "you" : "this account"}.`}
				</span>
				<Button disabled={address === undefined || isWrongNetwork || wei === 0n} busy={tx.isBusy} onClick={draw}>
					Draw stakes and deposits
				</Button>
			</div>
			<TransactionStatus of={tx} />
		</div>
	);
}
