// What the conformance suite serves: a tiny base and adapters on disk that answer differently from one another, with the engine
// that says what each must answer.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	type Adapter,
	type AdapterConfig,
	adapterModules,
	type BaseModel,
	createEngine,
	type Engine,
	initialAdapter,
	LINEARS,
	loadAdapter,
	tinyBase,
	writeAdapterConfig,
	writeAdapterModel,
	writeFolder,
} from "@openledger/llm";

export interface SuiteWorld {
	readonly base: BaseModel;
	readonly engine: Engine;
	/** Everything lies beneath it. */
	readonly folder: string;
	/** Writes an adapter folder and says where; `seed` decides its numbers. */
	write(name: string, seed: number, config?: Partial<AdapterConfig>): Promise<string>;
	read(folder: string): Promise<Adapter>;
	remove(): void;
}

export function suiteWorld(): SuiteWorld {
	const base = tinyBase();
	const engine = createEngine(base);
	const folder = mkdtempSync(join(tmpdir(), "openledger-suite-"));
	return {
		base,
		engine,
		folder,
		async write(name, seed, config = {}) {
			const place = join(folder, "adapters", name);
			const adapter: AdapterConfig = { rank: 4, alpha: 16, targets: LINEARS, ...config };
			const fresh = initialAdapter(base.config, adapter, seed);
			const weights = new Map(
				adapterModules(base.config, adapter).map(({ path }, m) => {
					const { A, B } = fresh.get(path)!;
					return [path, { A, B: B.map((_, i) => (((i * (5 + seed) + m + seed) % 7) - 3) / 12) }];
				}),
			);
			await writeFolder(place, {
				"adapter_config.json": JSON.stringify(writeAdapterConfig(adapter, base.name)),
				"adapter_model.safetensors": writeAdapterModel(base.config, adapter, weights),
			});
			return place;
		},
		read: (place) => loadAdapter(place, base),
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}
