// Seats among those who may be drawn for juries, what a seat costs, and what the jury owes.

import { juryAbi } from "@openledger/sdk/ledger";
import { stringToHex } from "viem";
import { useStatus } from "../../shared/api/useStatus.js";
import { formatOpen } from "../../shared/format/open.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Badge } from "../../shared/ui/Badge.js";
import { Button } from "../../shared/ui/Button.js";
import { TransactionStatus } from "../../shared/wallet/TransactionStatus.js";
import { useTransaction } from "../../shared/wallet/useTransaction.js";
import { useWallet } from "../../shared/wallet/useWallet.js";
import type { Constant, JuryRole, Staker } from "./useStakes.js";

const ROLES: readonly (readonly [JuryRole, string])[] = [
	["curator", "judges contributions"],
	["verifier", "judges runs, roots and answers"],
];

type JurySeatsProps = { readonly of: Staker; readonly isOwn: boolean; readonly constants: readonly Constant[] };

export function JurySeats({ of: { account, own, seats, juryPayWei }, isOwn, constants }: JurySeatsProps) {
	const jury = useStatus().data?.addresses.jury;
	const { address, isWrongNetwork } = useWallet();
	const tx = useTransaction();
	const canSend = address !== undefined && !isWrongNetwork && jury !== undefined;
	const price = BigInt(constants.find(({ key }) => key === "seatStakeWei")?.value ?? "0");
	const isKnown = price > 0n;
	const missing = price - BigInt(own.freeWei);
	const send = (label: string, functionName: string, args: readonly unknown[]) =>
		jury !== undefined && tx.send({ label, address: jury, abi: juryAbi, functionName, args });
	return (
		<div className="flex flex-col gap-3">
			<ul className="grid gap-3 md:grid-cols-2">
				{ROLES.map(([role, what]) => {
					const seat = seats[role];
					const key = stringToHex(role, { size: 32 });
					return (
						<li key={role} className="flex flex-col gap-2 rounded-lg border border-line p-4 text-sm">
							<h3 className="flex flex-wrap items-center gap-2 font-medium">
								{role === "curator" ? "Curator" : "Verifier"}
								{seat !== null && <Badge tone="good">seat {seat.number}</Badge>}
							</h3>
							<p className="text-soft">
								A {role} {what}.
							</p>
							{seat !== null && (
								<p>
									<Amount wei={seat.stakeWei} /> locked, {seat.openCases}{" "}
									{seat.openCases === 1 ? "open case" : "open cases"}
								</p>
							)}
							{isOwn &&
								(seat === null ? (
									<>
										<Button
											className="self-start"
											disabled={!canSend || !isKnown || missing > 0n}
											busy={tx.isBusy}
											onClick={() =>
												send(`Take a ${role}'s seat; it locks ${formatOpen(price)} OPEN of your stake`, "join", [key])
											}
										>
											Take a seat
										</Button>
										{missing > 0n && (
											<p className="text-xs text-soft">
												A seat needs {formatOpen(price)} OPEN of free stake behind you; {formatOpen(missing)} are
												missing. Stake behind yourself.
											</p>
										)}
									</>
								) : (
									<>
										<Button
											className="self-start"
											disabled={!canSend || seat.openCases > 0}
											busy={tx.isBusy}
											onClick={() => send(`Leave the ${role}'s seat and free its stake`, "leave", [key])}
										>
											Leave the seat
										</Button>
										{seat.openCases > 0 && (
											<p className="text-xs text-soft">It can be left once its cases are settled.</p>
										)}
									</>
								))}
						</li>
					);
				})}
			</ul>
			<div className="flex flex-wrap items-center justify-between gap-3 text-sm">
				<span>
					The jury owes {isOwn ? "you" : "this account"} <Amount wei={juryPayWei} />.
				</span>
				<Button
					disabled={!canSend || juryPayWei === "0"}
					busy={tx.isBusy}
					onClick={() =>
						send(`Pay out ${formatOpen(juryPayWei)} OPEN of jury pay to ${account}`, "withdraw", [account])
					}
				>
					Withdraw jury pay
				</Button>
			</div>
			<TransactionStatus of={tx} />
		</div>
	);
}
