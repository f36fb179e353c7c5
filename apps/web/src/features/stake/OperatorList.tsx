// Everybody behind whom OPEN is staked.

import { stakePoolAbi } from "@openledger/sdk/ledger";
import { useStatus } from "../../shared/api/useStatus.js";
import { formatOpen } from "../../shared/format/open.js";
import { Badge } from "../../shared/ui/Badge.js";
import { Button } from "../../shared/ui/Button.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Hash, shortHash } from "../../shared/ui/Hash.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { TransactionStatus } from "../../shared/wallet/TransactionStatus.js";
import { useTransaction } from "../../shared/wallet/useTransaction.js";
import { useWallet } from "../../shared/wallet/useWallet.js";
import type { Operator, Operators } from "./useStakes.js";

type OperatorListProps = { readonly of: Operators; readonly onChoose: (operator: string) => void };

export function OperatorList({ of: { operators, count }, onChoose }: OperatorListProps) {
	const tx = useTransaction();
	const { address, isWrongNetwork } = useWallet();
	const stakePool = useStatus().data?.addresses.stakePool;
	if (operators.length === 0)
		return <Empty title="Nobody has staked yet">Whoever names an operator and an amount above is the first.</Empty>;
	const collect = ({ operator, name, tillWei }: Operator) => {
		if (stakePool === undefined) return;
		const label = `Give ${formatOpen(tillWei)} OPEN that came in to those who stand behind ${name ?? shortHash(operator)}`;
		tx.send({ label, address: stakePool, abi: stakePoolAbi, functionName: "collectRewards", args: [operator] });
	};
	const columns: readonly Column<Operator>[] = [
		{
			head: "Operator",
			cell: ({ operator, name, isCovered, seats }) => (
				<div className="flex flex-col items-start gap-1">
					<Hash value={operator} href={`/stake?of=${operator}`} copy={false} {...(name !== null && { name })} />
					<span className="flex flex-wrap gap-1">
						{seats.map((role) => (
							<Badge key={role} tone="accent">
								{role}
							</Badge>
						))}
						{!isCovered && <Badge tone="bad">promises more than it has</Badge>}
					</span>
				</div>
			),
		},
		{ head: "Staked", align: "right", cell: ({ activeWei }) => formatOpen(activeWei) },
		{ head: "Locked", align: "right", wide: true, cell: ({ lockedWei }) => formatOpen(lockedWei) },
		{ head: "Free", align: "right", wide: true, cell: ({ freeWei }) => formatOpen(freeWei) },
		{ head: "Leaving", align: "right", wide: true, cell: ({ unbondingWei }) => formatOpen(unbondingWei) },
		{
			head: "Rewards",
			align: "right",
			wide: true,
			cell: (operator) => (
				<div className="flex flex-col items-end gap-1">
					<span>{formatOpen(operator.streamingWei)} flowing</span>
					{operator.tillWei !== "0" && (
						<Button
							disabled={address === undefined || isWrongNetwork}
							busy={tx.isBusy}
							onClick={() => collect(operator)}
						>
							Bring in {formatOpen(operator.tillWei)}
						</Button>
					)}
				</div>
			),
		},
		{
			head: "Stake",
			align: "right",
			cell: ({ operator, name }) => (
				<Button onClick={() => onChoose(operator)} aria-label={`Choose ${name ?? operator}`}>
					Choose
				</Button>
			),
		},
	];
	return (
		<div className="flex flex-col gap-3">
			<Table
				caption="Operators and what stands behind them"
				columns={columns}
				rows={operators}
				keyOf={({ operator }) => operator}
			/>
			{count > operators.length && (
				<p className="text-sm text-soft">The {operators.length} largest; any other is found by its address.</p>
			)}
			<p className="text-sm text-soft">
				Locked stake is promised to jobs, juries or roots: it is what can be slashed first. Free stake can be promised
				at any time.
			</p>
			<TransactionStatus of={tx} />
		</div>
	);
}
