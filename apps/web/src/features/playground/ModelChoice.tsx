// Which model is asked, or which two, and how they draw their words.

import { visibleText } from "../../shared/format/visibleText.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { SelectField, TextField } from "../../shared/ui/Field.js";
import type { Drafted } from "./sampling.js";
import { samplingProblems } from "./sampling.js";
import type { ServedModel } from "./useServedModels.js";

type ModelChoiceProps = {
	readonly models: readonly ServedModel[];
	/** One or two names. */
	readonly chosen: readonly string[];
	readonly onChoose: (chosen: readonly string[]) => void;
	readonly drafted: Drafted;
	readonly onDraft: (drafted: Drafted) => void;
	readonly isBusy: boolean;
};

export function ModelChoice({ models, chosen, onChoose, drafted, onDraft, isBusy }: ModelChoiceProps) {
	const [one = "", other] = chosen;
	const rates = models.find(({ name }) => name === one)?.rates;
	const problems = samplingProblems(drafted);
	const set = (name: keyof Drafted) => (event: { readonly target: { readonly value: string } }) =>
		onDraft({ ...drafted, [name]: event.target.value });
	return (
		<Card
			title="Model"
			aside={
				models.length > 1 && (
					<Button
						disabled={isBusy}
						onClick={() => onChoose(other === undefined ? [one, models.find(({ name }) => name !== one)!.name] : [one])}
					>
						{other === undefined ? "Compare two models" : "Back to one model"}
					</Button>
				)
			}
		>
			<div className="grid gap-x-4 sm:grid-cols-2">
				<ModelSelect
					label={other === undefined ? "Ask" : "First model"}
					models={models.filter(({ name }) => name !== other)}
					{...{ isBusy, value: one }}
					onChange={(name) => onChoose(other === undefined ? [name] : [name, other])}
				/>
				{other !== undefined && (
					<ModelSelect
						label="Second model"
						models={models.filter(({ name }) => name !== one)}
						{...{ isBusy, value: other }}
						onChange={(name) => onChoose([one, name])}
					/>
				)}
			</div>
			{rates !== undefined && (
				<p className="mb-3 text-xs text-soft">
					<Amount wei={rates.platformWei} /> an answer, and for 1000 tokens <Amount wei={rates.inWeiPer1000} /> read,{" "}
					<Amount wei={rates.outWeiPer1000} /> written.
				</p>
			)}
			<details>
				<summary className="w-fit cursor-pointer rounded text-sm text-soft hover:text-accent">
					Temperature {drafted.temperature}, at most {drafted.maxTokens} tokens, seed {drafted.seed}
				</summary>
				<div className="mt-3 grid grid-cols-2 gap-x-4 sm:grid-cols-4">
					<TextField
						label="Temperature"
						inputMode="decimal"
						value={drafted.temperature}
						onChange={set("temperature")}
						error={problems.temperature}
						hint="0 to 2; 0 draws nothing"
					/>
					<TextField
						label="Top-p"
						inputMode="decimal"
						value={drafted.topP}
						onChange={set("topP")}
						error={problems.topP}
						hint="above 0, up to 1"
					/>
					<TextField
						label="Max tokens"
						inputMode="numeric"
						value={drafted.maxTokens}
						onChange={set("maxTokens")}
						error={problems.maxTokens}
						hint="1 to 4096"
					/>
					<TextField
						label="Seed"
						inputMode="numeric"
						value={drafted.seed}
						onChange={set("seed")}
						error={problems.seed}
						hint="same seed, same answer"
					/>
				</div>
			</details>
		</Card>
	);
}

type ModelSelectProps = {
	readonly label: string;
	readonly models: readonly ServedModel[];
	readonly value: string;
	readonly isBusy: boolean;
	readonly onChange: (name: string) => void;
};

function ModelSelect({ label, models, value, isBusy, onChange }: ModelSelectProps) {
	return (
		<SelectField label={label} value={value} disabled={isBusy} onChange={(event) => onChange(event.target.value)}>
			{models.map(({ name }) => (
				<option key={name} value={name}>
					{visibleText(name, { max: 80 })}
				</option>
			))}
			{!models.some(({ name }) => name === value) && (
				<option value={value}>{visibleText(value, { max: 80 })} (not served now)</option>
			)}
		</SelectField>
	);
}
