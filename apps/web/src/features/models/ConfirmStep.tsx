// Step 4: what it will take, and the button.

import type { ReactNode } from "react";
import { hasToken } from "../../shared/api/token.js";
import { formatCount } from "../../shared/format/open.js";
import { formatSpan } from "../../shared/format/time.js";
import { Button } from "../../shared/ui/Button.js";
import { Facts } from "../../shared/ui/Facts.js";
import { Notice } from "../../shared/ui/Notice.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { Stat } from "../../shared/ui/Stat.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import type { Estimate, RecipeField } from "./modelTypes.js";
import { sayValue } from "./RecipeTable.js";
import { wordsOf } from "./recipeWords.js";
import { sayBytes, sayFlops, sayFrom } from "./saySpeed.js";
import { type LearnableDatanet, useBeginRun, useEstimate, type WantedRun } from "./useNewRun.js";

type ConfirmStepProps = {
	readonly wanted: WantedRun;
	readonly name: string;
	readonly datanet: LearnableDatanet;
	readonly fields: readonly RecipeField[];
	readonly onBack: () => void;
	readonly onBegun: (jobId: string) => void;
};

export function ConfirmStep({ wanted, name, datanet, fields, onBack, onBegun }: ConfirmStepProps) {
	const estimate = useEstimate(wanted);
	const begin = useBeginRun();
	const changed = Object.entries(wanted.recipe);
	const standard = fields.length - changed.length;
	const chosen: readonly Fact[] = [
		["Model", <UntrustedText key="name" text={name} max={40} />],
		["Datanet", <UntrustedText key="datanet" text={datanet.name} max={60} />],
		["Version", wanted.snapshot === undefined ? "the rows accepted now" : String(wanted.snapshot)],
		[
			"Recipe",
			changed.length === 0 ? (
				"standard"
			) : (
				<ul key="recipe">
					{changed.map(([key, value]) => (
						<li key={key}>
							{wordsOf(key).label} <span className="font-mono text-xs">{sayValue(value)}</span>
						</li>
					))}
					<li className="text-soft">and {standard} fields as in the standard recipe</li>
				</ul>
			),
		],
		[
			"Costs",
			"No OPEN: this node trains with its own machine. Publishing is one transaction, whose gas the node's owner pays.",
		],
	];
	return (
		<div className="flex flex-col gap-5">
			{hasToken() ? (
				<QueryView query={estimate} lines={14}>
					{(data) => <Told estimate={data} chosen={chosen} />}
				</QueryView>
			) : (
				<>
					<p className="text-sm text-soft">An estimate needs the node's token, which this tab does not have.</p>
					<Facts of={chosen} />
				</>
			)}
			{begin.error !== null && (
				<Notice tone="bad" title="The run did not begin">
					<UntrustedText text={begin.error.message} />
				</Notice>
			)}
			<div className="flex flex-wrap gap-3 border-t border-line pt-4">
				<Button onClick={onBack}>Back</Button>
				<Button
					kind="primary"
					disabled={!hasToken()}
					title={hasToken() ? undefined : "This tab may look but not train; open the link that the node printed"}
					busy={begin.isPending}
					onClick={() => begin.mutate({ ...wanted, name }, { onSuccess: ({ jobId }) => onBegun(jobId) })}
				>
					Begin the run
				</Button>
			</div>
		</div>
	);
}

type Fact = readonly [string, ReactNode];

function Told({ estimate, chosen }: { readonly estimate: Estimate; readonly chosen: readonly Fact[] }) {
	const { seconds, from, training, validation, features, steps, stepsPerEpoch, bytes } = estimate;
	const { rows, learnt, heldOut, leftOut } = estimate;
	const flops = training.flops + validation.flops + features.flops;
	const parts: readonly Fact[] = [
		[
			"Rows",
			`${formatCount(learnt)} learnt, ${formatCount(heldOut)} held out, ${formatCount(leftOut)} left out, of ${formatCount(rows)}`,
		],
		[
			"Training",
			`${formatCount(training.tokens)} tokens (${formatCount(training.positions)} positions with padding), ${sayFlops(training.flops)}`,
		],
		...(validation.flops > 0
			? ([
					["Looks at rows held out", `${formatCount(validation.tokens)} tokens, ${sayFlops(validation.flops)}`],
				] as const)
			: []),
		[
			"Influence features",
			`${sayFlops(features.flops)}${seconds === null ? "" : `, about ${formatSpan(seconds.features)}`}`,
		],
		["Adapter", `${formatCount(estimate.adapterParameters)} numbers`],
		["Estimated by", sayFrom(from)],
	];
	return (
		<div className="flex flex-col gap-4">
			<div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
				<Stat
					label="Time"
					value={seconds === null ? "unknown" : `≈ ${formatSpan(seconds.total)}`}
					note={seconds !== null && `of it training ${formatSpan(seconds.training)}`}
				/>
				<Stat label="Steps" value={formatCount(steps)} note={`${formatCount(stepsPerEpoch)} an epoch`} />
				<Stat label="Work" value={sayFlops(flops).replace("FLOP", "")} note="operations (FLOP)" />
				<Stat label="On disk" value={sayBytes(bytes)} note="when it is done" />
			</div>
			<Facts of={[...chosen, ...parts]} />
		</div>
	);
}
