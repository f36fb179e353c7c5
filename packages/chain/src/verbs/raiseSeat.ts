// Raises the stake of a juror's seat, before governance asks for more or after charges have lowered it. It must not know what is judged.
import type { LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { juryAbi } from "../generated/index.js";
import { type JuryRole, type JurySeat, readSeat, roleKey } from "../reads/readCase.js";

/**
 * Raises once to at least `stakeWei`; a seat that holds as much is left alone. Throws `contract/NoSeat` without a seat, and
 * `contract/StakeTooLow` where too little free stake stands behind the sender. Draws that are pending pass the seat over.
 */
export async function raiseSeat(
	ledger: Ledger,
	operator: LocalAccount,
	{ role, stakeWei }: { readonly role: JuryRole; readonly stakeWei: bigint },
): Promise<Done<{ readonly seat: JurySeat }>> {
	const { jury: address } = ledger.addresses;
	const args = [roleKey(role), stakeWei] as const;
	const { sent } = await once(
		async () => {
			const seat = await readSeat(ledger, role, operator.address);
			return seat !== undefined && seat.stakeWei >= stakeWei ? seat : undefined;
		},
		() => writeContract(ledger, operator, { address, abi: juryAbi, functionName: "raiseSeat", args }),
	);
	return { seat: (await readSeat(ledger, role, operator.address))!, sent };
}
