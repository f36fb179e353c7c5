// Step 2: which rows, frozen as which version, and what the model is called.

import { formatCount } from "../../shared/format/open.js";
import { ButtonLink } from "../../shared/ui/Button.js";
import { Empty } from "../../shared/ui/Empty.js";
import { SelectField, TextField } from "../../shared/ui/Field.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import type { RunDraft } from "./runDraft.js";
import type { LearnableDatanet } from "./useNewRun.js";

type RowsStepProps = {
	readonly datanets: readonly LearnableDatanet[];
	readonly draft: RunDraft;
	readonly chosen: LearnableDatanet | undefined;
	readonly onChange: (change: Partial<RunDraft>) => void;
};

export function RowsStep({ datanets, draft, chosen, onChange }: RowsStepProps) {
	if (datanets.length === 0) {
		return (
			<Empty title="No datanet yet" action={<ButtonLink href="/datanets">Create one</ButtonLink>}>
				A run learns from a datanet's accepted rows.
			</Empty>
		);
	}
	return (
		<div className="flex flex-col gap-5">
			<fieldset className="flex flex-col gap-2">
				<legend className="mb-2 text-sm">
					The rows of one datanet; each of its contributors earns by the model's answers.
				</legend>
				{datanets.map(({ id, name, rows, contributors, licence }) => (
					<label
						key={id}
						className={`flex items-start gap-3 rounded-lg border p-3 ${chosen?.id === id ? "border-accent bg-accent-wash" : "border-line"} ${rows === 0 ? "opacity-60" : ""}`}
					>
						<input
							type="radio"
							name="datanet"
							checked={chosen?.id === id}
							disabled={rows === 0}
							onChange={() => onChange({ datanet: id, snapshot: "", name: "" })}
							className="mt-1 accent-(--accent)"
						/>
						<span className="min-w-0">
							<span className="block font-medium">
								<UntrustedText text={name} max={60} />
							</span>
							<span className="block text-sm text-soft">
								{formatCount(rows)} accepted rows of {formatCount(contributors)} contributors, licence{" "}
								<UntrustedText text={licence} max={40} />
							</span>
						</span>
					</label>
				))}
			</fieldset>
			<div className="grid gap-4 sm:grid-cols-2">
				<SelectField
					label="Version"
					hint="A version is frozen for ever: its root goes on chain, and the run can be taken again from it."
					value={draft.snapshot}
					onChange={(event) => onChange({ snapshot: event.target.value })}
					disabled={chosen === undefined}
				>
					{[...(chosen?.snapshots ?? [])].reverse().map(({ version, rowCount }) => (
						<option key={version} value={version}>
							version {version}: {rowCount} rows
						</option>
					))}
					<option value="new">the rows accepted now, as a new version if any changed</option>
				</SelectField>
				<TextField
					label="Name of the model"
					hint={`It is asked for as ${draft.name === "" ? "name" : draft.name}-1, or the next number that is free.`}
					value={draft.name}
					maxLength={40}
					autoComplete="off"
					spellCheck={false}
					onChange={(event) => onChange({ name: event.target.value })}
				/>
			</div>
		</div>
	);
}
