// A new run in four steps: base, rows, recipe, confirm. The step stands in the address, what was entered in this tab.

import { type ReactNode, useEffect, useRef } from "react";
import { useLocation, useSearchParams } from "wouter";
import { hasToken } from "../../shared/api/token.js";
import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Notice } from "../../shared/ui/Notice.js";
import { Page } from "../../shared/ui/Page.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { BaseStep } from "./BaseStep.js";
import { ConfirmStep } from "./ConfirmStep.js";
import type { RecipeField } from "./modelTypes.js";
import { RecipeStep } from "./RecipeStep.js";
import { RowsStep } from "./RowsStep.js";
import { faultOf, recipeOf } from "./recipeText.js";
import { type RunDraft, useRunDraft } from "./runDraft.js";
import { runPath } from "./useJobs.js";
import { type LearnableDatanet, useLearnableDatanets, useRecipeFields, type WantedRun } from "./useNewRun.js";

const STEPS = [
	["base", "Base"],
	["rows", "Rows"],
	["recipe", "Recipe"],
	["confirm", "Confirm"],
] as const;

type Step = (typeof STEPS)[number][0];

export default function NewRunPage() {
	const datanets = useLearnableDatanets();
	const fields = useRecipeFields();
	return (
		<Page title="New run" lead="Four steps to a model that learnt from a datanet. Nothing begins before the last one.">
			{!hasToken() && (
				<Notice tone="warn" title="This tab may look but not train">
					Open the link that the node printed when it started; what you enter here is kept meanwhile.
				</Notice>
			)}
			<QueryView query={datanets} lines={10}>
				{(nets) => (
					<QueryView query={fields} lines={10}>
						{(all) => <Wizard datanets={nets} fields={all} />}
					</QueryView>
				)}
			</QueryView>
		</Page>
	);
}

type WizardProps = { readonly datanets: readonly LearnableDatanet[]; readonly fields: readonly RecipeField[] };

function Wizard({ datanets, fields }: WizardProps) {
	const [search, setSearch] = useSearchParams();
	const [, go] = useLocation();
	const [draft, change, clear] = useRunDraft();
	const [only] = datanets.filter(({ rows }) => rows > 0);
	const chosen = datanets.find(({ id }) => id === draft.datanet) ?? (datanets.length === 1 ? only : undefined);
	const filled = withDefaults(draft, chosen);
	const missing = missingOf(filled, chosen, fields);
	const asked = search.get("step") as Step | null;
	const at = Math.max(
		0,
		STEPS.findIndex(([id]) => id === asked),
	);
	// Whoever comes by a link to a later step is led to the first that is not filled in.
	const lacking = STEPS.findIndex(([id]) => missing[id] !== undefined);
	const open = lacking < 0 ? at : Math.min(at, lacking);
	const [id, title] = STEPS[open]!;
	const to = (step: number) => setSearch({ step: STEPS[step]![0] });
	const wanted = wantedOf(filled, fields, missing);
	const why = missing[id];
	return (
		<div className="flex flex-col gap-5">
			<Way
				open={open}
				onGo={to}
				mayReach={(step) => STEPS.slice(0, step).every(([one]) => missing[one] === undefined)}
			/>
			<form
				noValidate
				onSubmit={(event) => {
					event.preventDefault();
					if (why === undefined && open < STEPS.length - 1) to(open + 1);
				}}
			>
				<Card title={<Heading>{`${open + 1}. ${title}`}</Heading>}>
					{id === "base" && <BaseStep />}
					{id === "rows" && <RowsStep datanets={datanets} draft={filled} chosen={chosen} onChange={change} />}
					{id === "recipe" && (
						<RecipeStep fields={fields} typed={filled.fields} onChange={(next) => change({ fields: next })} />
					)}
					{id === "confirm" && wanted !== undefined && chosen !== undefined && (
						<ConfirmStep
							wanted={wanted}
							name={filled.name}
							datanet={chosen}
							fields={fields}
							onBack={() => to(open - 1)}
							onBegun={(jobId) => {
								clear();
								go(runPath(jobId));
							}}
						/>
					)}
					{id !== "confirm" && (
						<div className="mt-5 flex flex-wrap items-center gap-3 border-t border-line pt-4">
							{open > 0 && <Button onClick={() => to(open - 1)}>Back</Button>}
							<Button type="submit" kind="primary" disabled={why !== undefined}>
								Next: {STEPS[open + 1]?.[1]}
							</Button>
							<span role="status" className="text-sm text-soft">
								{why}
							</span>
						</div>
					)}
				</Card>
			</form>
		</div>
	);
}

/** Takes the focus when its step opens, so that keyboard and screen reader are where the eyes are. */
function Heading({ children }: { readonly children: string }) {
	const ref = useRef<HTMLSpanElement>(null);
	const before = useRef(children);
	useEffect(() => {
		if (before.current !== children) ref.current?.focus();
		before.current = children;
	}, [children]);
	return (
		<span ref={ref} tabIndex={-1}>
			{children}
		</span>
	);
}

type WayProps = {
	readonly open: number;
	readonly onGo: (step: number) => void;
	readonly mayReach: (step: number) => boolean;
};

function Way({ open, onGo, mayReach }: WayProps) {
	return (
		<nav aria-label="Steps">
			<ol className="grid grid-cols-2 gap-2 sm:grid-cols-4">
				{STEPS.map(([id, name], i) => (
					<li key={id}>
						<button
							type="button"
							onClick={() => onGo(i)}
							disabled={!mayReach(i)}
							aria-current={i === open ? "step" : undefined}
							className={`flex w-full items-center gap-2 rounded-lg border px-3 py-2 text-left text-sm font-medium disabled:opacity-60 ${i === open ? "border-accent bg-accent-wash text-accent" : "border-line bg-card"}`}
						>
							<Mark state={i < open ? "✓" : i + 1} /> {name}
						</button>
					</li>
				))}
			</ol>
		</nav>
	);
}

function Mark({ state }: { readonly state: ReactNode }) {
	return (
		<span aria-hidden="true" className="grid size-5 place-items-center rounded-full bg-sunken text-xs text-ink">
			{state}
		</span>
	);
}

function withDefaults(draft: RunDraft, chosen: LearnableDatanet | undefined): RunDraft {
	const latest = chosen?.snapshots.at(-1);
	return {
		...draft,
		datanet: chosen?.id ?? "",
		snapshot: draft.snapshot !== "" ? draft.snapshot : latest === undefined ? "new" : String(latest.version),
		name: draft.name !== "" ? draft.name : nameLike(chosen?.name ?? ""),
	};
}

function nameLike(text: string): string {
	return text
		.toLowerCase()
		.replace(/[^a-z0-9-]+/g, "-")
		.replace(/^-+|-+$/g, "")
		.slice(0, 40);
}

/** What a step still lacks, in words. */
function missingOf(
	draft: RunDraft,
	chosen: LearnableDatanet | undefined,
	fields: readonly RecipeField[],
): Readonly<Partial<Record<Step, string>>> {
	const faulty = fields.filter((field) => {
		const text = draft.fields[field.key];
		return text !== undefined && faultOf(field, text) !== undefined;
	});
	const rows =
		chosen === undefined
			? "Choose a datanet"
			: chosen.rows === 0
				? "This datanet has no accepted rows yet"
				: /^[a-z0-9][a-z0-9-]{0,39}$/.test(draft.name)
					? undefined
					: "The model's name needs 1 to 40 of a-z, 0-9 and hyphen";
	return {
		...(rows !== undefined && { rows }),
		...(faulty.length > 0 && { recipe: `Mend: ${faulty.map(({ key }) => key).join(", ")}` }),
	};
}

function wantedOf(
	draft: RunDraft,
	fields: readonly RecipeField[],
	missing: Readonly<Partial<Record<Step, string>>>,
): WantedRun | undefined {
	if (Object.keys(missing).length > 0) return undefined;
	return {
		datanet: draft.datanet,
		...(draft.snapshot !== "new" && { snapshot: Number(draft.snapshot) }),
		recipe: recipeOf(fields, draft.fields),
	};
}
