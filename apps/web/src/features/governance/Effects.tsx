// The calls of a proposal in words, and what each would change if it were executed now. Texts of calls are a stranger's.

import { visibleText } from "../../shared/format/visibleText.js";
import { Notice } from "../../shared/ui/Notice.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import type { DecodedAction, SimulatedAction } from "./useGovernance.js";

export function Effects({ of }: { readonly of: readonly (DecodedAction | SimulatedAction)[] }) {
	return (
		<ol className="flex flex-col gap-3">
			{of.map((action, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: calls have no other name, and the same one may stand twice
				<li key={index} className="rounded-lg border border-line p-3 text-sm">
					<Effect action={action} number={index + 1} />
				</li>
			))}
		</ol>
	);
}

function Effect({ action, number }: { readonly action: DecodedAction | SimulatedAction; readonly number: number }) {
	const change = "change" in action ? action.change : undefined;
	const refusal = "refusal" in action ? action.refusal : undefined;
	return (
		<div className="flex flex-col gap-2">
			<div className="font-mono text-[0.92em] [overflow-wrap:anywhere]">
				{number}. <UntrustedText text={action.text} max={600} />
			</div>
			{change !== undefined && (
				<div className="flex flex-wrap items-center gap-2">
					<span className="text-soft">
						<UntrustedText text={change.what} max={200} />
					</span>
					<span className="rounded bg-sunken px-1.5 line-through decoration-soft">
						<UntrustedText text={change.before} max={200} />
					</span>
					<span aria-hidden="true">→</span>
					<span className="sr-only">becomes</span>
					<span className="rounded bg-good-wash px-1.5 font-medium text-good">
						<UntrustedText text={change.after} max={200} />
					</span>
				</div>
			)}
			{refusal !== undefined && <Notice tone="bad">{visibleText(refusal, { max: 600 })}</Notice>}
			{action.contract === undefined && (
				<Notice tone="warn">This calls a contract that is not one of ours: nobody here can tell what it does.</Notice>
			)}
			<details className="text-xs text-soft">
				<summary className="cursor-pointer">Arguments and calldata</summary>
				<dl className="mt-2 flex flex-col gap-1 [overflow-wrap:anywhere]">
					<div>to {action.target}</div>
					{action.valueWei !== "0" && <div>with {action.valueWei} wei of the chain's coin</div>}
					{action.args.map(({ name, type, shown }) => (
						<div key={name}>
							{visibleText(name)} ({type}) = <UntrustedText text={shown} max={600} />
						</div>
					))}
					<div className="font-mono">{visibleText(action.data, { max: 2000 })}</div>
				</dl>
			</details>
		</div>
	);
}

/** The verdict over all of them. */
export function Verdict({ ok }: { readonly ok: boolean }) {
	return ok ? (
		<Notice tone="good">If it were executed now, it would go through.</Notice>
	) : (
		<Notice tone="bad">If it were executed now, it would fail, and nothing of it would happen.</Notice>
	);
}
