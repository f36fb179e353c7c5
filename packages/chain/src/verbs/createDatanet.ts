// Creates a datanet. It must not know its rows.
import type { Hex, LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { differs } from "../errors.js";
import { datanetRegistryAbi } from "../generated/index.js";
import { datanetIdOf } from "../ids.js";
import { readDatanet } from "../reads/readDatanet.js";

/** `name` and `licence` have 1 to 64 bytes; `termsHash` is the digest of the terms contributors agree to. */
export type CreateDatanet = { readonly name: string; readonly termsHash: Hex; readonly licence: string };

/** Creates the owner's datanet of that name, or finds it; throws `chain/differs` if its terms or licence are others. */
export async function createDatanet(
	ledger: Ledger,
	owner: LocalAccount,
	{ name, termsHash, licence }: CreateDatanet,
): Promise<Done<{ readonly datanetId: Hex }>> {
	const datanetId = datanetIdOf(owner.address, name);
	const find = async () => {
		const datanet = await readDatanet(ledger, datanetId);
		if (datanet !== undefined && datanet.termsHash !== termsHash) {
			throw differs(`datanet ${name}`, "termsHash", datanet.termsHash, termsHash);
		}
		if (datanet !== undefined && datanet.licence !== licence) {
			throw differs(`datanet ${name}`, "licence", datanet.licence, licence);
		}
		return datanet;
	};
	const { datanetRegistry: address } = ledger.addresses;
	const { sent } = await once(find, () =>
		writeContract(ledger, owner, {
			address,
			abi: datanetRegistryAbi,
			functionName: "create",
			args: [name, termsHash, licence],
		}),
	);
	return { datanetId, sent };
}
