// A datanet's terms as they stand on chain, and its frozen versions with the models that learnt from them.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { postJson } from "../../shared/api/client.js";
import { hasToken } from "../../shared/api/token.js";
import { formatCount } from "../../shared/format/open.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Badge } from "../../shared/ui/Badge.js";
import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Facts } from "../../shared/ui/Facts.js";
import { Hash } from "../../shared/ui/Hash.js";
import { Notice } from "../../shared/ui/Notice.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { NO_TOKEN } from "./noToken.js";
import type { Datanet, Snapshot } from "./types.js";
import { RULE_TEXTS } from "./words.js";

export function Overview({ datanet }: { readonly datanet: Datanet }) {
	const { id, owner, licence, contentType, rowSchema, stakePerRowWei, accessPriceWei, rule, terms, termsHash } =
		datanet;
	return (
		<div className="grid items-start gap-5 lg:grid-cols-2">
			<Card title="Terms">
				<Facts
					of={[
						["Who decides", RULE_TEXTS[rule]],
						["Licence", <UntrustedText key="licence" text={licence} max={64} />],
						["Stake per row", <Amount key="stake" wei={stakePerRowWei} />],
						["Access price per row", <Amount key="price" wei={accessPriceWei} />],
						["Content type", <UntrustedText key="type" text={contentType} max={64} />],
						["Owner", <Hash key="owner" value={owner} />],
						["Id on chain", <Hash key="id" value={id} />],
						["Digest of the terms", <Hash key="digest" value={termsHash} />],
					]}
				/>
				<h3 className="mt-4 mb-1 text-sm font-semibold">What contributors agree to</h3>
				{terms === null ? (
					<p className="text-sm text-soft">Only the digest is known: this datanet was made before terms were kept.</p>
				) : (
					<p className="text-sm">
						<UntrustedText text={terms} max={4000} block />
					</p>
				)}
				{rowSchema !== null && (
					<>
						<h3 className="mt-4 mb-1 text-sm font-semibold">JSON schema of a row</h3>
						<pre className="max-h-60 overflow-auto rounded-lg bg-sunken p-3 text-xs">
							<UntrustedText text={JSON.stringify(rowSchema, null, "\t")} max={8000} />
						</pre>
					</>
				)}
			</Card>
			<Versions datanet={datanet} />
		</div>
	);
}

const COLUMNS: readonly Column<Snapshot>[] = [
	{ head: "Version", cell: ({ version }) => `v${version}` },
	{ head: "Rows", align: "right", cell: ({ rowCount }) => formatCount(rowCount) },
	{
		head: "Root",
		cell: ({ root, status }) => (
			<>
				<Hash value={root} /> {status === "stored" && <Badge tone="warn">not on chain yet</Badge>}
			</>
		),
	},
	{ head: "Frozen", wide: true, cell: ({ takenAt }) => (takenAt === null ? "—" : <TimeAgo at={takenAt} />) },
	{
		head: "Models that learnt from it",
		cell: ({ models }) =>
			models.length === 0 ? (
				<span className="text-soft">none</span>
			) : (
				<ul>
					{models.map((model) => (
						<li key={model}>
							<Link href={`/models/${encodeURIComponent(model)}`} className="text-accent hover:underline">
								<UntrustedText text={model} max={60} />
							</Link>
						</li>
					))}
				</ul>
			),
	},
];

function Versions({ datanet }: { readonly datanet: Datanet }) {
	const queries = useQueryClient();
	const frozen = useMutation({
		mutationFn: () =>
			postJson<{ version: number; rowCount: number }>(`/api/datanets/${encodeURIComponent(datanet.name)}/snapshots`),
		onSettled: () => queries.invalidateQueries({ queryKey: ["datanets"] }),
	});
	const freeze = (
		<Button
			busy={frozen.isPending}
			disabled={!hasToken()}
			title={hasToken() ? "Freezes all rows that are finally accepted as the next version" : NO_TOKEN}
			onClick={() => frozen.mutate()}
		>
			Freeze a version
		</Button>
	);
	return (
		<Card title="Versions" aside={freeze}>
			<div className="flex flex-col gap-3">
				{frozen.error !== null && <Notice tone="bad">{frozen.error.message}</Notice>}
				{frozen.isSuccess && (
					<Notice tone="good">
						Version {frozen.data.version} holds {formatCount(frozen.data.rowCount)} rows; its root is on chain.
					</Notice>
				)}
				{datanet.snapshots.length === 0 ? (
					<Empty title="No version yet">
						A version freezes the rows that are finally accepted. Training a model takes one by itself.
					</Empty>
				) : (
					<Table
						caption="Versions of the datanet"
						columns={COLUMNS}
						rows={[...datanet.snapshots].reverse()}
						keyOf={({ version }) => version}
					/>
				)}
			</div>
		</Card>
	);
}
