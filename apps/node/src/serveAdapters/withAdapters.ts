// A backend whose adapters are changed by other rules than its own. It must not know the rules.

import type { AdapterAdmin, Backend } from "@openledger/openlora";

/** The same backend with other verbs for its adapters. */
export function withAdapters(backend: Backend, adapters: AdapterAdmin): Backend {
	const { proves } = backend;
	return {
		proves,
		adapters,
		models: () => backend.models(),
		...(backend.model && { model: (id: string) => backend.model?.(id) }),
		countPrompt: (order) => backend.countPrompt(order),
		generate: (order, options) => backend.generate(order, options),
		...(backend.stats && { stats: () => backend.stats!() }),
		drain: () => backend.drain(),
		close: () => backend.close(),
	};
}
