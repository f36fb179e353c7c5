// What an adapter is, by its content. It must not know names or folders.

import { type Adapter, type Digest, sha256 } from "@openledger/llm";

/**
 * sha256 over the digest of the numbers and the configuration: two adapters with the same numbers and another alpha give other answers,
 * so they are two.
 */
export function adapterKey({ digest, config }: Pick<Adapter, "digest" | "config">): Digest {
	return sha256(new TextEncoder().encode(`openlora-adapter\n${digest}\n${canonical(config)}`));
}

/** JSON with keys in order and nothing that is undefined. */
function canonical(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
	if (value === null || typeof value !== "object") return JSON.stringify(value);
	const entries = Object.entries(value).filter(([, v]) => v !== undefined);
	entries.sort(([a], [b]) => (a < b ? -1 : 1));
	return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(",")}}`;
}
