// Where the question is written; what it may cost is said before it is asked.

import { type FormEvent, type KeyboardEvent, useId } from "react";
import { Amount } from "../../shared/ui/Amount.js";
import { Button } from "../../shared/ui/Button.js";
import { explain } from "./explain.js";

export type Priced = {
	readonly wei: bigint | undefined;
	readonly isAsking: boolean;
	readonly error: Error | null;
};

type ComposerProps = {
	readonly text: string;
	readonly onText: (text: string) => void;
	readonly onAsk: () => void;
	readonly onStop: () => void;
	/** Forgets what was said; undefined where nothing was. */
	readonly onClear: (() => void) | undefined;
	readonly isBusy: boolean;
	/** Why it cannot be asked now; undefined where it can. */
	readonly blocked: string | undefined;
	readonly priced: Priced;
	/** A transfer cannot be taken back in part. */
	readonly chargesMost: boolean;
};

const MOST_CHARACTERS = 4000;

export function Composer({
	text,
	onText,
	onAsk,
	onStop,
	onClear,
	isBusy,
	blocked,
	priced,
	chargesMost,
}: ComposerProps) {
	const id = useId();
	const canAsk = blocked === undefined && !isBusy && text.trim() !== "";
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (canAsk) onAsk();
	};
	const keys = (event: KeyboardEvent) => {
		if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
		event.preventDefault();
		if (canAsk) onAsk();
	};
	return (
		<form onSubmit={submit} className="rounded-xl border border-line bg-card p-3">
			<label htmlFor={id} className="sr-only">
				Question
			</label>
			<textarea
				id={id}
				rows={2}
				maxLength={MOST_CHARACTERS}
				value={text}
				placeholder="Ask something"
				aria-describedby={`${id}-told`}
				onChange={(event) => onText(event.target.value)}
				onKeyDown={keys}
				className="block w-full resize-y rounded-lg bg-ground px-3 py-2 placeholder:text-soft"
			/>
			<div className="mt-2 flex flex-wrap items-center justify-between gap-3">
				<div id={`${id}-told`} className="min-h-5 min-w-0 flex-1 text-xs text-soft">
					{blocked ?? <Price priced={priced} chargesMost={chargesMost} />}
				</div>
				{onClear !== undefined && !isBusy && <Button onClick={onClear}>New conversation</Button>}
				{isBusy ? (
					<Button onClick={onStop}>Stop</Button>
				) : (
					<Button type="submit" kind="primary" disabled={!canAsk}>
						Ask
					</Button>
				)}
			</div>
		</form>
	);
}

function Price({ priced: { wei, isAsking, error }, chargesMost }: Pick<ComposerProps, "priced" | "chargesMost">) {
	if (error !== null) return <Wrong error={error} />;
	if (wei === undefined) return isAsking ? "Asking the price…" : "Enter asks, Shift and Enter begins a new line.";
	return (
		<>
			Costs {chargesMost ? "" : "at most "}
			<Amount wei={wei} places={7} />
			{chargesMost ? ", a transfer of the most it may cost." : "; you are charged for the tokens that are made."}
		</>
	);
}

function Wrong({ error }: { readonly error: Error }) {
	const { title, text } = explain(error);
	return (
		<span className="text-bad">
			{title}. {text}
		</span>
	);
}
