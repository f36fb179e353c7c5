// For the browser: node:crypto's SHA-256 is replaced by a small one, every other module of Node by nothing. What is replaced by nothing may be
// imported, since packages carry their files' verbs beside their pure ones, but calling it throws.

import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const ABSENT = "\0absent:";

export function withoutNode(): Plugin {
	return {
		name: "without-node",
		enforce: "pre",
		resolveId(id) {
			if (id === "node:crypto") return fileURLToPath(new URL("./src/shared/nodeCrypto.ts", import.meta.url));
			return id.startsWith("node:") ? ABSENT + id : undefined;
		},
		load(id) {
			if (!id.startsWith(ABSENT)) return undefined;
			// CommonJS, because then any name may be imported from it.
			return { code: "module.exports = {};", moduleSideEffects: false };
		},
	};
}
