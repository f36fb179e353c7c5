// Takes the run again on this node, whole or a stretch of it, and shows commitment by commitment that the same bits come.

import { useEffect, useState } from "react";
import { hasToken } from "../../shared/api/token.js";
import { formatSpan } from "../../shared/format/time.js";
import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { SelectField } from "../../shared/ui/Field.js";
import { Notice } from "../../shared/ui/Notice.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { JobBadge } from "./JobBadge.js";
import type { Model, Replay } from "./modelTypes.js";
import { ReplayView } from "./ReplayView.js";
import { isOpen } from "./useJobs.js";
import { useLineage } from "./useModels.js";
import { useBeginReplay, useReplay, useReplays, useStopReplay } from "./useReplays.js";

export function ReplayCard({ model }: { readonly model: Model }) {
	const replays = useReplays(model.model);
	const [chosen, setChosen] = useState<string>();
	const latest = replays.data?.[0]?.id;
	const shownId = chosen ?? latest;
	return (
		<Card title="Replay" aside="the training, taken again on this node">
			<div className="flex flex-col gap-4">
				<p className="max-w-3xl text-sm">
					The node begins from the committed start, meets the same rows in the same order, and compares each step's loss
					and each commitment with what the run left behind. One wrong bit anywhere changes every commitment after it.
				</p>
				<Begin model={model} onBegun={setChosen} />
				{shownId !== undefined && <Watched id={shownId} />}
				<QueryView query={replays} lines={1}>
					{(list) => <Earlier list={list.filter(({ id }) => id !== shownId)} onChoose={setChosen} />}
				</QueryView>
			</div>
		</Card>
	);
}

function Begin({ model, onBegun }: { readonly model: Model; readonly onBegun: (id: string) => void }) {
	const lineage = useLineage(model.model);
	const begin = useBeginReplay(model.model);
	const steps = model.history.length;
	const [from, setFrom] = useState(0);
	const [to, setTo] = useState(steps);
	const stretches = lineage.data?.run.stretches;
	useEffect(() => {
		const ends = stretches?.to.filter((step) => step > from);
		if (ends !== undefined && !ends.includes(to)) setTo(ends.at(-1) ?? steps);
	}, [from, to, stretches, steps]);
	const guess = steps === 0 ? 0 : (model.seconds / steps) * (to - from);
	const isErased = model.erasedRows > 0;
	const why = !hasToken()
		? "This tab may look but not change; open the link that the node printed"
		: isErased
			? "Rows that it learnt from are erased"
			: undefined;
	return (
		<div className="flex flex-col gap-3">
			<div className="grid items-start gap-3 sm:grid-cols-[1fr_1fr_auto]">
				<SelectField
					label="From"
					hint={
						(stretches?.from.length ?? 1) > 1
							? "the start, or a state that the run keeps"
							: "the only state that this run keeps before its end"
					}
					value={from}
					onChange={(event) => setFrom(Number(event.target.value))}
				>
					{(stretches?.from ?? [0]).map((step) => (
						<option key={step} value={step}>
							{step === 0 ? "the start" : `step ${step}`}
						</option>
					))}
				</SelectField>
				<SelectField
					label="To"
					hint={`about ${formatSpan(guess)}, by what the run itself took${to >= model.keptStep && from < model.keptStep ? ", then the features" : ""}`}
					value={to}
					onChange={(event) => setTo(Number(event.target.value))}
				>
					{(stretches?.to ?? [steps])
						.filter((step) => step > from)
						.map((step) => (
							<option key={step} value={step}>
								{step === steps ? `the end, step ${step}` : `step ${step}`}
							</option>
						))}
				</SelectField>
				<div className="sm:pt-6">
					<Button
						kind="primary"
						onClick={() =>
							begin.mutate({ fromStep: from, toStep: to }, { onSuccess: ({ replayId }) => onBegun(replayId) })
						}
						busy={begin.isPending}
						disabled={why !== undefined}
						title={why}
					>
						Replay
					</Button>
				</div>
			</div>
			{why !== undefined && <p className="text-sm text-soft">{why}.</p>}
			{begin.error !== null && (
				<Notice tone="bad" title="The replay did not begin">
					{begin.error.message}
				</Notice>
			)}
		</div>
	);
}

function Watched({ id }: { readonly id: string }) {
	const replay = useReplay(id);
	const stop = useStopReplay();
	return (
		<QueryView query={replay} lines={6}>
			{(data) => (
				<ReplayView
					replay={data}
					action={
						isOpen(data.status) &&
						hasToken() && (
							<Button kind="danger" onClick={() => stop.mutate(id)} busy={stop.isPending}>
								Stop
							</Button>
						)
					}
				/>
			)}
		</QueryView>
	);
}

type EarlierProps = { readonly list: readonly Replay[]; readonly onChoose: (id: string) => void };

function Earlier({ list, onChoose }: EarlierProps) {
	if (list.length === 0) return null;
	return (
		<details>
			<summary className="cursor-pointer text-sm font-medium">Other replays ({list.length})</summary>
			<ul className="mt-2 flex flex-col gap-1 text-sm">
				{list.map(({ id, fromStep, toStep, status, result, queuedAt }) => (
					<li key={id} className="flex flex-wrap items-center gap-2">
						<button type="button" onClick={() => onChoose(id)} className="text-accent hover:underline">
							{fromStep === 0 ? "start" : `step ${fromStep}`} to step {toStep}
						</button>
						<JobBadge status={status} />
						{result !== null && (result.identical ? "identical" : "a difference")}
						<TimeAgo at={Math.floor(queuedAt / 1000)} />
					</li>
				))}
			</ul>
		</details>
	);
}
