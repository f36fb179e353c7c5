// Gives a seat back; its stake is free again. It must not know what was judged from it.
import type { LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { juryAbi } from "../generated/index.js";
import { type JuryRole, readSeat, roleKey } from "../reads/readCase.js";

/** Leaves once; throws `contract/SeatInUse` while a case of the seat is open. */
export async function leaveJury(
	ledger: Ledger,
	operator: LocalAccount,
	{ role }: { readonly role: JuryRole },
): Promise<Done<object>> {
	const { jury: address } = ledger.addresses;
	const { sent } = await once(
		async () => ((await readSeat(ledger, role, operator.address)) === undefined ? true : undefined),
		() => writeContract(ledger, operator, { address, abi: juryAbi, functionName: "leave", args: [roleKey(role)] }),
	);
	return { sent };
}
