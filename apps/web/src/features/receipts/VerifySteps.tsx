// The steps of a verification as they come: what was compared with what, how long it took, what came over the network for it.

import { visibleText } from "../../shared/format/visibleText.js";
import { Badge } from "../../shared/ui/Badge.js";
import { ProgressBar } from "../../shared/ui/ProgressBar.js";
import type { CheckEnded, Compared } from "../../shared/verification/messages.js";
import { formatBytes, formatMilliseconds } from "./measures.js";
import type { StepProgress, Verification } from "./useVerification.js";
import { STEPS } from "./words.js";

type VerifyStepsProps = { readonly verification: Verification; readonly withSpace: boolean };

export function VerifySteps({ verification, withSpace }: VerifyStepsProps) {
	const { ended, running, state } = verification;
	const wanted = STEPS.filter(([what]) => withSpace || what !== "space");
	// What this verification did is what is shown, also where the choice was changed since.
	const shown = wanted.filter(
		([what]) => state === "running" || ended.some((check) => check.what === what) || state === "stopped",
	);
	return (
		<ol className="flex flex-col divide-y divide-line rounded-lg border border-line">
			{shown.map(([what, title, says]) => {
				const check = ended.find((one) => one.what === what);
				const isRunning = running?.what === what;
				return (
					<li key={what} className="px-3 py-2" data-check={what} data-state={stateOf(check, isRunning)}>
						<div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
							<StateBadge check={check} isRunning={isRunning} />
							<span className="font-medium">{title}</span>
							<span className="min-w-0 flex-1 basis-60 text-sm text-soft">{says}</span>
							{check !== undefined && (
								<span className="text-xs whitespace-nowrap text-soft">
									{check.bytes > 0 && `${formatBytes(check.bytes)} · `}
									{check.keptBytes > 0 && `${formatBytes(check.keptBytes)} kept · `}
									{formatMilliseconds(check.milliseconds)}
								</span>
							)}
						</div>
						{isRunning && running.progress !== undefined && <Progress title={title} progress={running.progress} />}
						{check !== undefined && <Found check={check} />}
					</li>
				);
			})}
		</ol>
	);
}

const stateOf = (check: CheckEnded | undefined, isRunning: boolean) =>
	check === undefined ? (isRunning ? "running" : "waiting") : check.ok ? "same" : "different";

function StateBadge({ check, isRunning }: { readonly check: CheckEnded | undefined; readonly isRunning: boolean }) {
	const [tone, word] =
		check === undefined
			? isRunning
				? (["accent", "checking"] as const)
				: (["plain", "waiting"] as const)
			: check.ok
				? (["good", "✓ same"] as const)
				: (["bad", "✗ differs"] as const);
	return (
		<span className="w-20 shrink-0">
			<Badge tone={tone}>{word}</Badge>
		</span>
	);
}

function Progress({
	title,
	progress: { unit, done, total },
}: {
	readonly title: string;
	readonly progress: StepProgress;
}) {
	const amount = (value: number) => (unit === "bytes" ? formatBytes(value) : String(value));
	return (
		<div className="mt-2 flex items-center gap-3">
			<div className="flex-1">
				<ProgressBar label={title} done={done} total={total} />
			</div>
			<span className="w-36 text-right text-xs text-soft">
				{amount(done)}
				{total > 0 && ` of ${amount(total)}`} {unit === "rows" && "rows"}
			</span>
		</div>
	);
}

function Found({ check: { ok, detail, compared, comparisons } }: { readonly check: CheckEnded }) {
	return (
		<div className="mt-1 text-sm sm:pl-[5.75rem]">
			<p className={`[overflow-wrap:anywhere] ${ok ? "" : "font-medium text-bad"}`}>
				{visibleText(detail, { max: 600 })}
			</p>
			{compared.length > 0 && (
				<details className="mt-1">
					<summary className="w-fit cursor-pointer rounded text-xs text-soft hover:text-accent">
						{comparisons === 1 ? "1 value" : `${comparisons} values`} compared
					</summary>
					<dl className="mt-2 flex flex-col gap-2">
						{compared.map((one, place) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: the same thing may be compared twice
							<Values key={place} of={one} />
						))}
					</dl>
					{comparisons > compared.length && (
						<p className="mt-1 text-xs text-soft">{comparisons - compared.length} more are not shown.</p>
					)}
				</details>
			)}
		</div>
	);
}

function Values({ of: { what, found, committed } }: { readonly of: Compared }) {
	const isSame = found === committed;
	const value = "font-mono text-xs [overflow-wrap:anywhere]";
	return (
		<div>
			<dt className="text-xs">{visibleText(what, { max: 200 })}</dt>
			<dd className={`${value} ${isSame ? "text-soft" : "text-bad"}`}>
				<span className="font-sans">found </span>
				{visibleText(found, { max: 400 })}
			</dd>
			<dd className={`${value} text-soft`}>
				<span className="font-sans">committed </span>
				{isSame ? "the same" : visibleText(committed, { max: 400 })}
			</dd>
		</div>
	);
}
