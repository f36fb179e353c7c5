// Finds whatever one has in hand. Where there is one thing only, goes there at once.

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { getJson } from "../../shared/api/client.js";
import { formatCount } from "../../shared/format/open.js";
import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Page } from "../../shared/ui/Page.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";

type Found = {
	readonly kind: string;
	readonly id: string;
	readonly name: string | null;
	readonly of?: { readonly id: string; readonly name: string };
};

type Kind = { readonly title: string; readonly href: (found: Found) => string };
const at = (path: string) => (found: Found) => `${path}/${encodeURIComponent(found.id)}`;

/** In the order in which they are shown. */
const KINDS: Readonly<Record<string, Kind>> = {
	datanet: { title: "Datanets", href: at("/datanets") },
	model: { title: "Models", href: at("/models") },
	receipt: { title: "Receipts", href: at("/receipts") },
	account: { title: "Accounts", href: at("/earnings") },
	contribution: { title: "Contributions", href: ({ of, id }) => `/datanets/${encodeURIComponent(of?.id ?? id)}` },
	transaction: { title: "Transactions", href: at("/network/transactions") },
	block: { title: "Blocks", href: at("/network/blocks") },
	epoch: { title: "Epochs", href: at("/network/epochs") },
	contract: { title: "Contracts", href: () => "/network?tab=contracts" },
};
const MAX_QUERY = 200;

export default function SearchPage() {
	const [params] = useSearchParams();
	const asked = (params.get("q") ?? "").trim().slice(0, MAX_QUERY);
	const [, go] = useLocation();
	const search = useQuery({
		queryKey: ["search", asked],
		queryFn: ({ signal }) =>
			getJson<{ readonly found: readonly Found[] }>(`/api/search?q=${encodeURIComponent(asked)}`, signal),
		enabled: asked !== "",
	});
	const found = search.data?.found;
	const [only] = found?.length === 1 ? found : [];
	useEffect(() => {
		// In its place, so that going back does not come here again.
		if (only !== undefined) go(hrefOf(only), { replace: true });
	}, [only, go]);
	return (
		<Page
			title={asked === "" ? "Search" : `Search: ${asked}`}
			lead="Names by any part of them; ids, addresses and receipts from six digits on; transactions by their hash; blocks and epochs by number."
		>
			<Ask key={asked} asked={asked} />
			{asked === "" ? (
				<Hints />
			) : (
				<QueryView
					query={search}
					lines={8}
					isEmpty={(data) => data.found.length === 0}
					empty={
						<Empty title="Nothing here is called that">
							Look at the text again: of an id at least six digits are needed, of a transaction the whole hash.
						</Empty>
					}
				>
					{(data) => <Groups found={data.found} />}
				</QueryView>
			)}
		</Page>
	);
}

const hrefOf = (found: Found): string => KINDS[found.kind]?.href(found) ?? "/";

function Ask({ asked }: { readonly asked: string }) {
	const [text, setText] = useState(asked);
	const [, go] = useLocation();
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (text.trim() !== "") go(`/search?q=${encodeURIComponent(text.trim())}`);
	};
	return (
		<form onSubmit={submit} className="flex flex-wrap items-end gap-2">
			<label className="flex min-w-0 flex-1 flex-col gap-1 text-sm font-medium sm:max-w-xl">
				What to look for
				<input
					type="text"
					value={text}
					maxLength={MAX_QUERY}
					onChange={(event) => setText(event.target.value)}
					className="min-h-9 w-full rounded-lg border border-line bg-card px-3 py-1.5 font-normal text-ink"
				/>
			</label>
			<Button type="submit" kind="primary">
				Search
			</Button>
		</form>
	);
}

function Groups({ found }: { readonly found: readonly Found[] }) {
	return (
		<div className="flex flex-col gap-5">
			<p role="status" className="text-sm text-soft">
				{formatCount(found.length)} found
			</p>
			{Object.entries(KINDS).map(([kind, { title }]) => {
				const of = found.filter((one) => one.kind === kind);
				if (of.length === 0) return null;
				return (
					<Card key={kind} title={title} aside={of.length === 20 ? "the first 20" : formatCount(of.length)}>
						<ul className="flex flex-col">
							{of.map((one) => (
								<li key={one.id} className="border-b border-line last:border-0">
									<Link
										href={hrefOf(one)}
										className="-mx-2 flex flex-wrap items-baseline gap-x-3 rounded-lg px-2 py-2 text-sm hover:bg-sunken"
									>
										<Entry of={one} />
									</Link>
								</li>
							))}
						</ul>
					</Card>
				);
			})}
		</div>
	);
}

const NUMBERED: Readonly<Record<string, string>> = { block: "Block", epoch: "Epoch" };

function Entry({ of: { kind, id, name, of } }: { readonly of: Found }) {
	const number = NUMBERED[kind];
	if (number !== undefined)
		return (
			<b className="font-medium">
				{number} {formatCount(id)}
			</b>
		);
	return (
		<>
			{name !== null && (
				<b className="font-medium">
					<UntrustedText text={name} max={100} />
				</b>
			)}
			<span className="min-w-0 font-mono text-[0.92em] text-accent [overflow-wrap:anywhere]">{id}</span>
			{of !== undefined && (
				<span className="text-soft">
					{kind === "receipt" ? "by " : "in "}
					<UntrustedText text={of.name} max={60} />
				</span>
			)}
		</>
	);
}

function Hints() {
	return (
		<Empty title="Paste whatever you have">
			An address, the name of a datanet or model, the beginning of a receipt, a transaction's hash, a block's number.
		</Empty>
	);
}
