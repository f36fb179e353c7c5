// A model's published parameters as they are kept in the database: JSON, amounts as decimals. It must not talk to a chain.

import type { ModelParams } from "@openledger/chain";

type Stored = Omit<ModelParams, "rates"> & {
	readonly rates: { readonly [rate in keyof ModelParams["rates"]]: string };
};

export function paramsToJson(params: ModelParams): Stored {
	const { platformWei, inWeiPer1000, outWeiPer1000 } = params.rates;
	const rates = {
		platformWei: platformWei.toString(),
		inWeiPer1000: inWeiPer1000.toString(),
		outWeiPer1000: outWeiPer1000.toString(),
	};
	return { ...params, rates };
}

export function paramsFromJson(json: unknown): ModelParams {
	const stored = json as Stored;
	const { platformWei, inWeiPer1000, outWeiPer1000 } = stored.rates;
	const rates = {
		platformWei: BigInt(platformWei),
		inWeiPer1000: BigInt(inWeiPer1000),
		outWeiPer1000: BigInt(outWeiPer1000),
	};
	return { ...stored, rates };
}
