// Creates a datanet. It must not know its rows.
import { type Hex, type LocalAccount, zeroHash } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { differs } from "../errors.js";
import { datanetRegistryAbi } from "../generated/index.js";
import { datanetIdOf } from "../ids.js";
import { CURATION_RULES, type CurationRule, readDatanet } from "../reads/readDatanet.js";

/** Texts have 1 to 64 bytes; `termsHash` is the digest of the terms contributors agree to. */
export type CreateDatanet = {
	readonly name: string;
	readonly termsHash: Hex;
	readonly licence: string;
	/** By default application/jsonl. */
	readonly contentType?: string;
	/** Digest of the JSON schema of a row; by default none. */
	readonly schemaHash?: Hex;
	/** What a contributor puts down for each row; by default nothing. */
	readonly stakePerRowWei?: bigint;
	/** What a training job pays for each row; by default nothing. */
	readonly accessPriceWei?: bigint;
	/** By default the owner decides. */
	readonly rule?: CurationRule;
	/** Of the contributors' part that it asks for its rows, for information; by default all. */
	readonly contributorsPpm?: number;
};

/** Creates the owner's datanet of that name, or finds it; throws `chain/differs` if any of its terms is another. */
export async function createDatanet(
	ledger: Ledger,
	owner: LocalAccount,
	wanted: CreateDatanet,
): Promise<Done<{ readonly datanetId: Hex }>> {
	const terms = {
		contentType: "application/jsonl",
		schemaHash: zeroHash,
		stakePerRowWei: 0n,
		accessPriceWei: 0n,
		rule: "owner",
		contributorsPpm: 1_000_000,
		...wanted,
	} as const;
	const datanetId = datanetIdOf(owner.address, terms.name);
	const find = async () => {
		const datanet = await readDatanet(ledger, datanetId);
		for (const field of Object.keys(terms) as (keyof typeof terms)[]) {
			if (datanet === undefined || datanet[field] === terms[field]) continue;
			throw differs(`datanet ${terms.name}`, field, datanet[field], terms[field]);
		}
		return datanet;
	};
	const { datanetRegistry: address } = ledger.addresses;
	const { sent } = await once(find, () =>
		writeContract(ledger, owner, {
			address,
			abi: datanetRegistryAbi,
			functionName: "create",
			args: [{ ...terms, rule: CURATION_RULES.indexOf(terms.rule) }],
		}),
	);
	return { datanetId, sent };
}
