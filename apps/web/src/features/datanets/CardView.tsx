// A datanet's card as it reads, and the files for others: card, Croissant metadata, entries of the snapshot.

import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { saveFile } from "./saveFile.js";
import type { Datanet } from "./types.js";
import { useCard } from "./useDatanets.js";

const SHOWN = 20_000;

export function CardView({ datanet }: { readonly datanet: Datanet }) {
	const { name, snapshots } = datanet;
	const published = snapshots.findLast(({ status }) => status === "published");
	const query = useCard(name, published?.version);
	if (published === undefined) {
		return (
			<Card title="Card">
				<Empty title="No card before there is a version">
					Freeze a version, or train a model: the card tells of that.
				</Empty>
			</Card>
		);
	}
	return (
		<Card title="Card" aside={`of version ${published.version}`}>
			<QueryView query={query} lines={14}>
				{({ card, croissant, entries }) => (
					<div className="flex flex-col gap-4">
						<div className="flex flex-wrap gap-2">
							<Button onClick={() => saveFile(`${name}-card.md`, card, "text/markdown")}>Download card</Button>
							<Button
								onClick={() =>
									saveFile(`${name}-croissant.json`, JSON.stringify(croissant, null, "\t"), "application/ld+json")
								}
							>
								Download Croissant metadata
							</Button>
							<Button onClick={() => saveFile(`${name}-entries.jsonl`, entries, "application/jsonl")}>
								Download entries
							</Button>
						</div>
						<pre className="rounded-lg bg-sunken p-4 text-sm whitespace-pre-wrap">
							<UntrustedText text={card} max={SHOWN} />
						</pre>
					</div>
				)}
			</QueryView>
		</Card>
	);
}
