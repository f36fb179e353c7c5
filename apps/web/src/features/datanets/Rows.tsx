// A datanet's rows, newest first: found by what they say, and erased by whom they are of.

import { type FormEvent, useState } from "react";
import { hasToken } from "../../shared/api/token.js";
import { formatDate } from "../../shared/format/time.js";
import { Badge } from "../../shared/ui/Badge.js";
import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { TextField } from "../../shared/ui/Field.js";
import { Hash } from "../../shared/ui/Hash.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { ContributorName } from "./ContributorName.js";
import { EraseRow } from "./EraseRow.js";
import { NO_TOKEN } from "./noToken.js";
import type { Datanet, Row } from "./types.js";
import { useRows } from "./useDatanets.js";

const SHOWN_CHARACTERS = 400;

export function Rows({ datanet }: { readonly datanet: Datanet }) {
	const [text, setText] = useState("");
	const [search, setSearch] = useState("");
	const [erasing, setErasing] = useState<Row>();
	const query = useRows(datanet.name, { search });
	const find = (event: FormEvent) => {
		event.preventDefault();
		setSearch(text.trim());
	};
	return (
		<Card title="Rows">
			<search>
				<form onSubmit={find} className="mb-2 flex items-start gap-2">
					<div className="min-w-0 flex-1 sm:max-w-md">
						<TextField
							label="Search rows"
							type="search"
							maxLength={200}
							placeholder="Words, contributor or commitment"
							value={text}
							onChange={(event) => setText(event.target.value)}
							hint="In prompts, responses, names and commitments"
						/>
					</div>
					<Button type="submit" className="mt-6" busy={query.isFetching && !query.isFetchingNextPage}>
						Search
					</Button>
				</form>
			</search>
			<QueryView
				query={query}
				lines={12}
				isEmpty={({ pages }) => pages.every(({ rows }) => rows.length === 0) && pages.at(-1)?.next === undefined}
				empty={
					search === "" ? (
						<Empty title="No rows yet">Drop a file under Contribute: its first accepted row stands here.</Empty>
					) : (
						<Empty title="No row says that">Try fewer words, or another spelling.</Empty>
					)
				}
			>
				{({ pages }) => (
					<>
						<ul aria-label="Rows" className="flex flex-col divide-y divide-line">
							{pages.flatMap(({ rows }) =>
								rows.map((row) => <RowLine key={row.row} row={row} onErase={() => setErasing(row)} />),
							)}
						</ul>
						{query.hasNextPage && (
							<Button className="mt-3" busy={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
								{search === "" ? "Older rows" : "Search on"}
							</Button>
						)}
					</>
				)}
			</QueryView>
			<EraseRow datanet={datanet.name} row={erasing} onClose={() => setErasing(undefined)} />
		</Card>
	);
}

function RowLine({ row, onErase }: { readonly row: Row; readonly onErase: () => void }) {
	const { row: number, prompt, response, status, contributor, account, commitment, turns } = row;
	return (
		<li className="grid gap-x-6 gap-y-1 py-3 lg:grid-cols-[1fr_18rem]">
			<div className="min-w-0 text-sm">
				{status === "erased" ? (
					<p className="text-soft italic">
						Erased{row.erasedAt !== undefined && ` at ${formatDate(row.erasedAt)}`}
						{row.tombstone !== undefined && (
							<>
								{": "}
								<UntrustedText text={row.tombstone.reason} max={40} />
							</>
						)}
						. Its key is destroyed; nobody can read it again.
					</p>
				) : (
					<>
						{prompt !== "" && (
							<p className="font-medium">
								<UntrustedText text={prompt ?? ""} max={SHOWN_CHARACTERS} />
							</p>
						)}
						<p>
							<UntrustedText text={response ?? ""} max={SHOWN_CHARACTERS} />
						</p>
						{turns !== undefined && <p className="text-xs text-soft">after {turns} turns of a conversation</p>}
					</>
				)}
			</div>
			<div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-soft lg:justify-end">
				<span>row {number}</span>
				<ContributorName name={contributor} account={account} />
				<Hash value={commitment} />
				{status === "accepted" || status === "erased" ? null : (
					<Badge tone="warn">{status === "rejected" ? "refused" : "waits"}</Badge>
				)}
				{status !== "erased" && (
					<Button
						className="!min-h-7 !px-2 !py-0.5 !text-xs"
						aria-label={`Erase row ${number}`}
						disabled={!hasToken()}
						title={hasToken() ? "Destroys the row's key for good" : NO_TOKEN}
						onClick={onErase}
					>
						Erase …
					</Button>
				)}
			</div>
		</li>
	);
}
