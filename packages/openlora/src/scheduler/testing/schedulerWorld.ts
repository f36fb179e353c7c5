// A tiny engine with adapters of several ranks and modules, for tests of cache and scheduler: everything is real but small.

import {
	type Adapter,
	type AdapterConfig,
	adapterModules,
	createEngine,
	initialAdapter,
	LINEARS,
	readAdapter,
	tinyBase,
	writeAdapterConfig,
	writeAdapterModel,
} from "@openledger/llm";
import { type AdapterSource, createAdapterSource } from "../../adapters/adapterSource.js";

const CONFIGS: readonly AdapterConfig[] = [
	{ rank: 4, alpha: 8, targets: LINEARS },
	{ rank: 1, alpha: 4, targets: ["q_proj", "v_proj"] },
	{ rank: 7, alpha: 9, targets: ["down_proj", "o_proj"], rankStabilised: true },
	{ rank: 3, alpha: 5, targets: LINEARS, rankPattern: { q_proj: 8, up_proj: 2 } },
];

export const base = tinyBase();

/** An adapter by number; its rank and modules change with the number, its numbers too. */
export function numberedAdapter(number: number): Adapter {
	const config = CONFIGS[number % CONFIGS.length]!;
	const fresh = initialAdapter(base.config, config, number);
	const weights = new Map(
		adapterModules(base.config, config).map(({ path }, m) => {
			const { A, B } = fresh.get(path)!;
			return [path, { A, B: B.map((_, i) => (((i * 5 + m + 3 * number) % 11) - 5) / 20) }];
		}),
	);
	const model = writeAdapterModel(base.config, config, weights);
	return readAdapter(base.config, writeAdapterConfig(config, base.name), model);
}

export interface Numbered {
	readonly adapter: Adapter;
	readonly source: AdapterSource;
	/** How often it was read. */
	reads: number;
}

/** A source that takes `turns` of the event loop to read. */
export function numberedSource(number: number, turns: () => number = () => 1): Numbered {
	const adapter = numberedAdapter(number);
	const numbered = {
		adapter,
		reads: 0,
		source: createAdapterSource(base, {
			label: `a${number}`,
			async read() {
				numbered.reads++;
				for (let left = turns(); left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
				return adapter;
			},
		}),
	};
	return numbered;
}

export const makeEngine = () => createEngine(base);

/** Finite numbers that no file check can refuse, and with which no logits are. */
export function overflowingAdapter(number: number): Adapter {
	const sound = numberedAdapter(number);
	const weights = new Map([...sound.weights].map(([path, { A, B }]) => [path, { A: A.map(huge), B: B.map(huge) }]));
	const model = writeAdapterModel(base.config, sound.config, weights);
	return readAdapter(base.config, writeAdapterConfig(sound.config, base.name), model);
}

const huge = () => 3e38;
