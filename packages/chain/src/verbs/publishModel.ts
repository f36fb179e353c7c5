// Publishes a model version. It must not know how the model was trained.
import type { Hex, LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { differs } from "../errors.js";
import { modelRegistryAbi } from "../generated/index.js";
import { modelIdOf } from "../ids.js";
import { type ModelParams, readModel } from "../reads/readModel.js";

/** Publishes a version once; throws `chain/differs` if it was published with any other value. */
export async function publishModel(
	ledger: Ledger,
	owner: LocalAccount,
	params: ModelParams,
): Promise<Done<{ readonly modelId: Hex }>> {
	const modelId = modelIdOf(owner.address, params.name, params.version);
	const find = async () => {
		const model = await readModel(ledger, modelId);
		if (model !== undefined) assertSame(`model ${params.name} version ${params.version}`, model, params);
		return model;
	};
	const { modelRegistry: address } = ledger.addresses;
	const { sent } = await once(find, () =>
		writeContract(ledger, owner, { address, abi: modelRegistryAbi, functionName: "publish", args: [params] }),
	);
	return { modelId, sent };
}

function assertSame(what: string, onChain: ModelParams, asked: ModelParams): void {
	for (const field of Object.keys(asked) as (keyof ModelParams)[]) {
		const [there, here] = [canonical(onChain[field]), canonical(asked[field])];
		if (there !== here) throw differs(what, field, there, here);
	}
}

/** One spelling per value: keys in order, hex in lower case, amounts as decimals. */
function canonical(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
	if (typeof value === "object" && value !== null) {
		const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
		return `{${entries.map(([key, item]) => `${key}:${canonical(item)}`).join(",")}}`;
	}
	return typeof value === "string" && value.startsWith("0x") ? value.toLowerCase() : String(value);
}
