// Stake behind an operator: allow the pool to take the amount, where it may not yet, then stake it.

import { openTokenAbi, stakePoolAbi } from "@openledger/sdk/ledger";
import { type FormEvent, useState } from "react";
import { type Address, getAddress, isAddress } from "viem";
import { useStatus } from "../../shared/api/useStatus.js";
import { formatOpen, parseOpen } from "../../shared/format/open.js";
import { Button } from "../../shared/ui/Button.js";
import { TextField } from "../../shared/ui/Field.js";
import { shortHash } from "../../shared/ui/Hash.js";
import { RequireWallet } from "../../shared/wallet/RequireWallet.js";
import { TransactionStatus } from "../../shared/wallet/TransactionStatus.js";
import { useTransaction } from "../../shared/wallet/useTransaction.js";
import { type Operator, useStaker } from "./useStakes.js";

type StakeFormProps = { readonly chosen: string; readonly operators: readonly Operator[] };

export function StakeForm(props: StakeFormProps) {
	return (
		<div id="stake-form">
			<RequireWallet to="stake">{(address) => <Form {...props} staker={address} />}</RequireWallet>
		</div>
	);
}

function Form({ chosen, operators, staker }: StakeFormProps & { readonly staker: Address }) {
	const addresses = useStatus().data?.addresses;
	const { data } = useStaker(staker);
	const tx = useTransaction();
	const [operator, setOperator] = useState(chosen);
	const [amount, setAmount] = useState("");
	const isNoAddress = operator.trim() !== "" && !isAddress(operator.trim(), { strict: false });
	const wei = parseOpen(amount);
	const balance = data === undefined ? undefined : BigInt(data.balanceWei);
	const tooMuch = wei !== undefined && balance !== undefined && wei > balance;
	const amountFault =
		amount === ""
			? undefined
			: wei === undefined || wei === 0n
				? "An amount like 12.5."
				: tooMuch
					? "The wallet holds less."
					: undefined;
	const isKnown = addresses !== undefined && data !== undefined;
	const isRight = isAddress(operator.trim(), { strict: false }) && wei !== undefined && wei > 0n && !tooMuch;
	const isReady = isKnown && isRight;
	const stake = async (event: FormEvent) => {
		event.preventDefault();
		if (!isReady) return;
		const { openToken, stakePool } = addresses;
		if (openToken === undefined || stakePool === undefined) return;
		const whom = getAddress(operator.trim().toLowerCase());
		const needsLeave = BigInt(data.allowanceWei) < wei;
		if (needsLeave) {
			const label = `1 of 2: let the stake pool take ${formatOpen(wei)} OPEN from your wallet`;
			const call = { address: openToken, abi: openTokenAbi, functionName: "approve", args: [stakePool, wei] };
			if ((await tx.send({ label, ...call })) === undefined) return;
		}
		const name = operators.find((one) => one.operator === whom)?.name ?? shortHash(whom);
		const label = `${needsLeave ? "2 of 2: stake" : "Stake"} ${formatOpen(wei)} OPEN behind ${name}`;
		const call = { address: stakePool, abi: stakePoolAbi, functionName: "delegate", args: [whom, wei] };
		if ((await tx.send({ label, ...call })) !== undefined) setAmount("");
	};
	return (
		<form onSubmit={stake} className="flex flex-col gap-2">
			<div className="grid gap-x-4 gap-y-1 md:grid-cols-[2fr_1fr_auto] md:items-start">
				<TextField
					label="Operator"
					placeholder="0x…"
					list="stake-operators"
					value={operator}
					maxLength={42}
					spellCheck={false}
					autoComplete="off"
					error={isNoAddress ? "This is no address." : undefined}
					hint={
						<>
							One of those below, any address, or{" "}
							<button type="button" className="underline" onClick={() => setOperator(staker)}>
								yourself
							</button>
							.
						</>
					}
					onChange={(event) => setOperator(event.target.value)}
				/>
				<datalist id="stake-operators">
					{operators.map(({ operator: address, name }) => (
						<option key={address} value={address}>
							{name ?? shortHash(address)}
						</option>
					))}
				</datalist>
				<TextField
					label="Amount, OPEN"
					inputMode="decimal"
					value={amount}
					maxLength={32}
					autoComplete="off"
					error={amountFault}
					hint={balance !== undefined && `The wallet holds ${formatOpen(balance)}.`}
					onChange={(event) => setAmount(event.target.value)}
				/>
				<Button type="submit" kind="primary" className="md:mt-6" disabled={!isReady} busy={tx.isBusy}>
					Stake
				</Button>
			</div>
			<TransactionStatus of={tx} />
		</form>
	);
}
