// An adapter for a tiny base whose B is not zero, so that it changes answers: for the self-test and for tests.

import { type AdapterConfig, type AdapterWeights, adapterModules, initialAdapter } from "../lora/adapterConfig.js";
import { writeAdapterModel } from "../lora/peft.js";
import type { BaseModel } from "../model/baseModel.js";
import { LINEARS } from "../model/parameters.js";

/** Config, weights and the bytes of its adapter_model.safetensors. */
export function tinyAdapter(
	base: BaseModel,
	config: AdapterConfig = { rank: 4, alpha: 8, targets: LINEARS },
): { config: AdapterConfig; weights: AdapterWeights; model: Uint8Array } {
	const fresh = initialAdapter(base.config, config, 9);
	const weights = new Map(
		adapterModules(base.config, config).map(({ path }, m) => {
			const { A, B } = fresh.get(path)!;
			return [path, { A, B: B.map((_, i) => (((i * 5 + m) % 7) - 3) / 25) }];
		}),
	);
	return { config, weights, model: writeAdapterModel(base.config, config, weights) };
}
