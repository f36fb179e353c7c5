// Two to four models beside each other: losses over each other, recipes where they differ. Which ones stands in the address.

import { type UseQueryResult, useQueries } from "@tanstack/react-query";
import { Link, useSearchParams } from "wouter";
import { formatCount } from "../../shared/format/open.js";
import { formatSpan } from "../../shared/format/time.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Notice } from "../../shared/ui/Notice.js";
import { Page } from "../../shared/ui/Page.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { Skeleton } from "../../shared/ui/Skeleton.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { type Line, LossChart } from "./LossChart.js";
import type { Curve, Model, ModelSummary } from "./modelTypes.js";
import { Named, sayValue } from "./RecipeTable.js";
import { curveQuery, modelPath, modelQuery, useModels } from "./useModels.js";

const MOST = 4;

export default function CompareRunsPage() {
	const [search, setSearch] = useSearchParams();
	const chosen = [...new Set((search.get("models") ?? "").split(",").filter((name) => name !== ""))].slice(0, MOST);
	const models = useModels();
	const choose = (names: readonly string[]) =>
		setSearch(names.length === 0 ? {} : { models: names.join(",") }, { replace: true });
	return (
		<Page title="Compare runs" lead="What was done differently, and what came of it. Choose two to four models.">
			<Card title="Models">
				<QueryView
					query={models}
					lines={1}
					isEmpty={(list) => list.length === 0}
					empty={<Empty title="No model yet" />}
				>
					{(list) => <Choice list={list} chosen={chosen} onChoose={choose} />}
				</QueryView>
			</Card>
			{chosen.length >= 2 ? (
				<div className="flex min-h-screen flex-col gap-5">
					<Compared names={chosen} />
				</div>
			) : (
				<Empty title="Choose at least two">Their loss curves and recipes appear here.</Empty>
			)}
		</Page>
	);
}

type ChoiceProps = {
	readonly list: readonly ModelSummary[];
	readonly chosen: readonly string[];
	readonly onChoose: (names: readonly string[]) => void;
};

function Choice({ list, chosen, onChoose }: ChoiceProps) {
	return (
		<fieldset>
			<legend className="sr-only">Models to compare</legend>
			<div className="flex min-h-10 flex-wrap gap-2">
				{list.map(({ model }) => {
					const isChosen = chosen.includes(model);
					return (
						<label
							key={model}
							className={`flex items-center gap-2 rounded-lg border px-3 py-1.5 text-sm ${isChosen ? "border-accent bg-accent-wash" : "border-line"}`}
						>
							<input
								type="checkbox"
								checked={isChosen}
								disabled={!isChosen && chosen.length >= MOST}
								onChange={() => onChoose(isChosen ? chosen.filter((name) => name !== model) : [...chosen, model])}
								className="accent-(--accent)"
							/>
							<UntrustedText text={model} max={60} />
						</label>
					);
				})}
			</div>
		</fieldset>
	);
}

function Compared({ names }: { readonly names: readonly string[] }) {
	const models = useQueries({ queries: names.map(modelQuery) });
	const curves = useQueries({ queries: names.map(curveQuery) });
	const failed = [...models, ...curves].find(({ error, data }) => error !== null && data === undefined);
	if (failed !== undefined) {
		return (
			<Notice tone="bad" title="A model could not be read">
				{failed.error?.message}
			</Notice>
		);
	}
	const shown = dataOf(models);
	const losses = dataOf(curves);
	if (shown === undefined || losses === undefined) return <Skeleton lines={12} />;
	return (
		<>
			<Card title="Losses over each other">
				<LossChart
					label="Losses of the models over steps"
					lines={shown.flatMap((model, i) => linesOf(model, losses[i]!, i))}
				/>
			</Card>
			<Card title="What came of it">
				<Table caption="Results" columns={RESULTS} rows={shown} keyOf={({ id }) => id} />
			</Card>
			<Card title="Recipes" aside="where they differ, first">
				<Recipes models={shown} />
			</Card>
		</>
	);
}

function dataOf<data>(queries: readonly UseQueryResult<data>[]): readonly data[] | undefined {
	const all = queries.flatMap(({ data }) => (data === undefined ? [] : [data]));
	return all.length === queries.length ? all : undefined;
}

function linesOf({ model }: Model, { steps, validations }: Curve, colour: number): Line[] {
	const training = { name: model, points: steps, colour };
	if (validations.length === 0) return [training];
	return [training, { name: `${model}, held out`, points: validations, colour, isValidation: true }];
}

const RESULTS: readonly Column<Model>[] = [
	{
		head: "Model",
		cell: ({ model }) => (
			<Link href={modelPath(model)} className="font-medium text-accent hover:underline">
				<UntrustedText text={model} max={60} />
			</Link>
		),
	},
	{ head: "Steps", align: "right", cell: ({ history }) => formatCount(history.length) },
	{ head: "Training loss", align: "right", cell: ({ history }) => history.at(-1)?.loss.toFixed(4) ?? "–" },
	{
		head: "Held-out loss",
		align: "right",
		cell: ({ validations, keptStep }) =>
			(validations.find(({ step }) => step === keptStep) ?? validations.at(-1))?.loss.toFixed(4) ?? "–",
	},
	{
		head: "Seconds",
		align: "right",
		cell: ({ seconds }) => <span title={formatSpan(seconds)}>{seconds.toFixed(1)}</span>,
	},
	{
		head: "Tokens/s",
		align: "right",
		cell: ({ history, seconds }) =>
			formatCount(Math.round(history.reduce((sum, { tokens = 0 }) => sum + tokens, 0) / Math.max(1e-9, seconds))),
	},
	{
		head: "Rows",
		align: "right",
		cell: ({ rowsUsed }) => (rowsUsed === undefined ? "–" : formatCount(rowsUsed.learnt)),
	},
	{ head: "Answers", align: "right", cell: ({ answers }) => formatCount(answers) },
	{ head: "Fees", align: "right", cell: ({ feesWei }) => <Amount wei={feesWei} places={4} /> },
];

function Recipes({ models }: { readonly models: readonly Model[] }) {
	const keys = [...new Set(models.flatMap(({ recipe }) => Object.keys(recipe)))];
	const differs = (key: string) => new Set(models.map(({ recipe }) => sayValue(recipe[key]))).size > 1;
	const different = keys.filter(differs);
	const same = keys.filter((key) => !differs(key));
	const columns = (isMarked: boolean): readonly Column<string>[] => [
		{ head: "Field", cell: (key) => <Named name={key} /> },
		...models.map(
			({ model, recipe }): Column<string> => ({
				head: model,
				cell: (key) => (
					<span className={`font-mono text-xs ${isMarked ? "font-semibold text-accent" : ""}`}>
						<UntrustedText text={sayValue(recipe[key])} max={120} />
					</span>
				),
			}),
		),
	];
	return (
		<div className="flex flex-col gap-4">
			{different.length === 0 ? (
				<p className="text-sm text-soft">The recipes are the same.</p>
			) : (
				<Table caption="Fields that differ" columns={columns(true)} rows={different} keyOf={(key) => key} />
			)}
			<details>
				<summary className="cursor-pointer text-sm font-medium">Fields that are the same ({same.length})</summary>
				<Table caption="Fields that are the same" columns={columns(false)} rows={same} keyOf={(key) => key} />
			</details>
		</div>
	);
}
