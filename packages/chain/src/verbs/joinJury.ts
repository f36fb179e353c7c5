// Takes a seat among those who may be drawn for juries. It must not know what they judge.
import type { LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { juryAbi } from "../generated/index.js";
import { type JuryRole, type JurySeat, readSeat, roleKey } from "../reads/readCase.js";

/** Takes a seat once; throws `contract/StakeTooLow` where too little free stake stands behind the sender. */
export async function joinJury(
	ledger: Ledger,
	operator: LocalAccount,
	{ role }: { readonly role: JuryRole },
): Promise<Done<{ readonly seat: JurySeat }>> {
	const { jury: address } = ledger.addresses;
	const { sent } = await once(
		() => readSeat(ledger, role, operator.address),
		() => writeContract(ledger, operator, { address, abi: juryAbi, functionName: "join", args: [roleKey(role)] }),
	);
	return { seat: (await readSeat(ledger, role, operator.address))!, sent };
}
