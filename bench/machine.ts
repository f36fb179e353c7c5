// What a bench ran on, for its results.

import { arch, cpus, platform, totalmem } from "node:os";

export function machine(): Readonly<Record<string, string | number>> {
	const processors = cpus();
	return {
		cpu: processors[0]?.model.trim() ?? "unknown",
		cores: processors.length,
		memoryGiB: Math.round(totalmem() / 2 ** 30),
		platform: `${platform()} ${arch()}`,
		node: process.version,
	};
}
