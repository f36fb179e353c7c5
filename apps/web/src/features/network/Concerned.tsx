// The pages of what a transaction is about: models, datanets, receipts, epochs, proposals.

import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { getJson } from "../../shared/api/client.js";
import { Card } from "../../shared/ui/Card.js";
import { shortHash } from "../../shared/ui/Hash.js";
import type { Argument } from "./decode.js";
import { pageOf } from "./Value.js";

const NOUNS: Readonly<Record<string, string>> = {
	datanetId: "Datanet",
	modelId: "Model",
	receiptId: "Receipt",
	proposalId: "Proposal",
	epoch: "Epoch",
};
const MOST = 24;

type Concern = { readonly noun: string; readonly id: string; readonly href: string };

export function Concerned({ by }: { readonly by: readonly Argument[] }) {
	const found = new Map<string, Concern>();
	const nonces = new Set<string>();
	collect(by, found, nonces);
	const paid = usePaidReceipts([...nonces].slice(0, 4));
	for (const id of paid) found.set(`/receipts/${id}`, { noun: "Receipt", id, href: `/receipts/${id}` });
	if (found.size === 0) return null;
	const all = [...found.values()];
	return (
		<Card title="What it is about">
			<ul className="flex flex-wrap gap-2 text-sm">
				{all.slice(0, MOST).map(({ noun, id, href }) => (
					<li key={href}>
						<Link href={href} className="inline-block rounded-full border border-line px-3 py-1 hover:border-accent">
							{noun} <span className="font-mono text-[0.92em] text-accent">{shortHash(id)}</span>
						</Link>
					</li>
				))}
				{all.length > MOST && <li className="py-1 text-soft">and {all.length - MOST} more, below</li>}
			</ul>
		</Card>
	);
}

function collect(by: readonly Argument[], found: Map<string, Concern>, nonces: Set<string>): void {
	for (const { parameter, value } of by) {
		const { name = "", type } = parameter;
		const href = pageOf(name, value);
		if (href !== undefined) found.set(href, { noun: NOUNS[name] ?? name, id: String(value), href });
		if (name === "nonce" && type === "bytes32") nonces.add(String(value));
		if (!type.startsWith("tuple") || value === undefined) continue;
		const { components = [] } = parameter as { readonly components?: readonly Argument["parameter"][] };
		const each = (Array.isArray(value) ? value : [value]) as readonly Readonly<Record<string, unknown>>[];
		for (const one of each)
			collect(
				components.map((part) => ({ parameter: part, value: one[part.name ?? ""] })),
				found,
				nonces,
			);
	}
}

/** An answer's payment names its receipt by nothing but the nonce: the node knows which. */
function usePaidReceipts(nonces: readonly string[]): readonly string[] {
	const { data } = useQuery({
		queryKey: ["receipts", "of payments", nonces],
		queryFn: async ({ signal }) => {
			const found = await Promise.all(
				nonces.map((nonce) =>
					getJson<{ found: readonly { kind: string; id: string }[] }>(
						`/api/search?q=${encodeURIComponent(nonce)}`,
						signal,
					),
				),
			);
			return found.flatMap((one) => one.found.filter(({ kind }) => kind === "receipt").map(({ id }) => id));
		},
		enabled: nonces.length > 0,
		staleTime: 60_000,
	});
	return data ?? [];
}
