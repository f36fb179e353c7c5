// What a model is: base, rank, recipe, losses, what an answer costs and who gets it.

import { Link } from "wouter";
import { formatCount, formatOpen, formatPpm } from "../../shared/format/open.js";
import { formatDate, formatSpan } from "../../shared/format/time.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Badge } from "../../shared/ui/Badge.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Facts } from "../../shared/ui/Facts.js";
import { Hash } from "../../shared/ui/Hash.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { MARKS } from "../../shared/ui/ShareBar.js";
import { Stat } from "../../shared/ui/Stat.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { LossChart } from "./LossChart.js";
import type { Model, Split } from "./modelTypes.js";
import { RecipeTable } from "./RecipeTable.js";
import { useModelCurve } from "./useModels.js";

export function ModelFacts({ model }: { readonly model: Model }) {
	const { history, validations, keptStep, plannedSteps, seconds, rowsUsed, answers, feesWei, recipe } = model;
	const curve = useModelCurve(model.model);
	const last = history.at(-1);
	const looked = validations.find(({ step }) => step === keptStep) ?? validations.at(-1);
	return (
		<div className="flex flex-col gap-5">
			<div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
				<Stat
					label="Training loss"
					value={last?.loss.toFixed(3) ?? "–"}
					note={`after ${formatCount(history.length)} of ${formatCount(plannedSteps)} steps`}
				/>
				<Stat
					label="Loss on rows held out"
					value={looked?.loss.toFixed(3) ?? "–"}
					note={looked === undefined ? "no rows were held out" : `perplexity ${looked.perplexity.toFixed(2)}`}
				/>
				<Stat
					label="Answers"
					value={formatCount(answers)}
					href={`/models/${encodeURIComponent(model.model)}?tab=answers`}
					note="see them"
				/>
				<Stat label="Fees" value={formatOpen(feesWei, 4)} note="OPEN paid for its answers" />
			</div>
			<Card title="Loss" aside={`${formatSpan(seconds)} of training`}>
				<div className="min-h-88">
					<QueryView
						query={curve}
						lines={8}
						isEmpty={({ steps }) => steps.length === 0}
						empty={<Empty title="The run tells of no losses" />}
					>
						{({ steps, validations: looks }) => (
							<LossChart
								label={`Loss of ${model.model} over steps`}
								lines={[
									{ name: "training", points: steps, colour: 0 },
									{ name: "rows held out", points: looks, colour: 2, isValidation: true },
								]}
							/>
						)}
					</QueryView>
				</div>
			</Card>
			<div className="grid items-start gap-5 lg:grid-cols-2">
				<Card title="What it is">
					<Facts
						of={[
							["Name", <UntrustedText key="name" text={model.model} />],
							["Id", <Hash key="id" value={model.id} />],
							[
								"State",
								model.served ? (
									<Badge key="state" tone="good">
										answers
									</Badge>
								) : (
									<Badge key="state" tone="warn">
										not served
									</Badge>
								),
							],
							["Base", <UntrustedText key="base" text={model.base} max={60} />],
							["Rank", String(recipe.rank)],
							[
								"Rows",
								rowsUsed === undefined
									? "not written down"
									: `${formatCount(rowsUsed.learnt)} learnt, ${formatCount(rowsUsed.heldOut.length)} held out, ${formatCount(rowsUsed.leftOut.length)} left out`,
							],
							[
								"Learnt from",
								<Link
									key="datanet"
									href={`/datanets/${encodeURIComponent(model.datanet.id)}`}
									className="text-accent hover:underline"
								>
									<UntrustedText text={model.datanet.name} max={40} /> version {model.snapshots[0]?.version}
								</Link>,
							],
							["Adapter", <Hash key="adapter" value={model.adapterDigest} />],
							["Published", model.publishedAt === null ? "not yet" : formatDate(model.publishedAt)],
						]}
					/>
				</Card>
				<Fees model={model} />
			</div>
			<Card title="Recipe" aside="by which anybody can train it again">
				<details>
					<summary className="cursor-pointer text-sm font-medium">All {Object.keys(recipe).length} fields</summary>
					<RecipeTable recipe={recipe} />
				</details>
			</Card>
		</div>
	);
}

const PARTS: readonly (readonly [keyof Split, string])[] = [
	["contributorsPpm", "Contributors of the rows that moved the answer"],
	["ownerPpm", "Owner of the model"],
	["nodePpm", "Node that computed it"],
	["stakersPpm", "Stakers"],
	["treasuryPpm", "Treasury"],
];

function Fees({ model: { rates, split, till } }: { readonly model: Model }) {
	return (
		<Card title="What an answer costs, and who gets it">
			<Facts
				of={[
					["An answer", <Amount key="platform" wei={rates.platformWei} />],
					["1000 tokens read", <Amount key="in" wei={rates.inWeiPer1000} />],
					["1000 tokens written", <Amount key="out" wei={rates.outWeiPer1000} />],
					["Till", till === null ? "none: it is not served here" : <Hash key="till" value={till} />],
				]}
			/>
			<div className="mt-4 flex h-3 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
				{PARTS.map(([key], i) => (
					<div key={key} className={MARKS[i]} style={{ width: `${split[key] / 10_000}%` }} />
				))}
			</div>
			<ul className="mt-3 flex flex-col gap-1 text-sm">
				{PARTS.map(([key, who], i) => (
					<li key={key} className="flex items-baseline justify-between gap-3">
						<span className="flex items-baseline gap-2">
							<span className={`size-2.5 shrink-0 rounded-sm ${MARKS[i]}`} aria-hidden="true" />
							{who}
						</span>
						<span>{formatPpm(split[key])}</span>
					</li>
				))}
			</ul>
			<p className="mt-2 text-xs text-soft">
				Parts of the fee less the fixed part of every answer, which is the platform's. On chain, and the same for every
				answer.
			</p>
		</Card>
	);
}
