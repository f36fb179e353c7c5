// Contributes as one of the node's own contributors: the node signs for it.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { postJson } from "../../../shared/api/client.js";
import { formatCount } from "../../../shared/format/open.js";
import { visibleText } from "../../../shared/format/visibleText.js";
import { Amount } from "../../../shared/ui/Amount.js";
import { Button } from "../../../shared/ui/Button.js";
import { Facts } from "../../../shared/ui/Facts.js";
import { Notice } from "../../../shared/ui/Notice.js";
import type { Datanet } from "../types.js";
import { Outcome, type Told } from "./Outcome.js";
import type { Dropped } from "./readDropped.js";

type SignByNodeProps = {
	readonly datanet: Datanet;
	readonly file: Dropped;
	readonly contributor: string;
	readonly accepted: number;
	readonly offered: number;
};
type Contributed = {
	readonly id: string;
	readonly status: "accepted" | "rejected" | "pending";
	readonly acceptedRows: number;
	readonly offeredRows: number;
};

export function SignByNode({ datanet, file, contributor, accepted, offered }: SignByNodeProps) {
	const queries = useQueryClient();
	const { format, content, encoding } = file;
	const done = useMutation({
		mutationFn: () =>
			postJson<Contributed>(`/api/datanets/${encodeURIComponent(datanet.name)}/contributions`, {
				...{ contributor, format, content, encoding },
			}),
		onSettled: () => queries.invalidateQueries(),
	});
	if (done.isSuccess) return <Outcome datanet={datanet} told={toldOf(done.data)} />;
	return (
		<div className="flex flex-col gap-3">
			<Facts
				of={[
					["Contributor", visibleText(contributor)],
					["Rows that would be taken", `${formatCount(accepted)} of ${formatCount(offered)}`],
					["Stake per row offered", <Amount key="stake" wei={datanet.stakePerRowWei} />],
				]}
			/>
			<p className="text-sm text-soft">
				The node signs and pays for its development accounts: it commits to the rows, reveals their root, and what it
				costs comes from play money.
			</p>
			{done.error !== null && (
				<Notice tone="bad" title="It was not contributed">
					{done.error.message}
				</Notice>
			)}
			<div>
				<Button kind="primary" disabled={accepted === 0} busy={done.isPending} onClick={() => done.mutate()}>
					Contribute as {visibleText(contributor, { max: 40 })}
				</Button>
				{accepted === 0 && (
					<p className="mt-1 text-xs text-soft">No row would be taken, so there is nothing to offer.</p>
				)}
			</div>
		</div>
	);
}

function toldOf({ status, acceptedRows, offeredRows }: Contributed): Told {
	return { status: status === "pending" ? "offered" : status, acceptedRows, offeredRows };
}
