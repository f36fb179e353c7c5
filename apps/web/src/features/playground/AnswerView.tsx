// One answer as it comes, and what moved it as soon as that is known.

import { useMutation } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { type Colours, coloursOf } from "../../shared/attribution/colours.js";
import { FeeSplit } from "../../shared/attribution/FeeSplit.js";
import { FoundWords } from "../../shared/attribution/FoundWords.js";
import { MarkedText } from "../../shared/attribution/MarkedText.js";
import type { ShownReceipt } from "../../shared/attribution/shownReceipt.js";
import { formatCount } from "../../shared/format/open.js";
import { visibleText } from "../../shared/format/visibleText.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Badge } from "../../shared/ui/Badge.js";
import { Button, ButtonLink } from "../../shared/ui/Button.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { AnswerFailure } from "./AnswerFailure.js";
import { Attribution, Panel } from "./Attribution.js";
import { type Answer, isUnderWay, speedOf } from "./chatState.js";
import type { Help } from "./explain.js";
import { useAnswerReceipt } from "./useAnswerReceipt.js";

export type AnswerActions = {
	readonly onHelp: (help: Help, answer: Answer) => void;
	/** Finds the receipt of an answer that was stopped. */
	readonly onSettle: (answer: Answer) => Promise<boolean>;
};

type AnswerViewProps = AnswerActions & {
	readonly answer: Answer;
	/** Beside the text where there is room, else below it. */
	readonly beside: boolean;
	/** Of all answers to the question. */
	readonly colours: Colours | undefined;
};

export function AnswerView({ answer, beside, colours: shared, onHelp, onSettle }: AnswerViewProps) {
	const { model, status, text, answered } = answer;
	const { receipt, query } = useAnswerReceipt(answered);
	const [selected, select] = useState<number>();
	const colours = useMemo(() => shared ?? (receipt && coloursOf(receipt)), [shared, receipt]);
	const whole = receipt?.response ?? text;
	const fee = receipt !== undefined && (
		<Panel title="Where the fee went">
			<FeeSplit receipt={receipt} />
		</Panel>
	);
	return (
		<article
			aria-label={`Answer of ${visibleText(model, { max: 80 })}`}
			aria-busy={isUnderWay(answer)}
			className={`grid min-w-0 grid-cols-1 content-start items-start gap-4 ${beside ? "lg:grid-cols-[minmax(0,1fr)_24rem]" : ""}`}
		>
			<div className="flex min-w-0 flex-col gap-4">
				<div className="rounded-xl border border-line bg-card p-4">
					<div className="mb-2 flex flex-wrap items-center justify-between gap-2">
						<h3 className="min-w-0 text-sm font-semibold">
							<UntrustedText text={model} max={80} />
						</h3>
						<StatusBadge answer={answer} />
					</div>
					<div className="min-h-12 text-base">
						{whole === "" ? (
							<p className="text-soft">
								{status === "waiting" ? "Waiting for the first word…" : status === "done" ? "(an empty answer)" : ""}
							</p>
						) : receipt !== undefined && colours !== undefined ? (
							<MarkedText
								text={whole}
								spans={receipt.spans?.spans ?? []}
								colourOf={colours.ofSpan}
								selected={selected}
								onSelect={select}
							/>
						) : (
							<UntrustedText text={whole} max={100_000} block />
						)}
					</div>
					<Measures answer={answer} receipt={receipt} />
					{status === "failed" && <AnswerFailure error={answer.error} onHelp={(help) => onHelp(help, answer)} />}
					{status === "stopped" && answered === undefined && <Stopped answer={answer} onSettle={onSettle} />}
				</div>
				{receipt !== undefined && colours !== undefined && (
					<Panel title="Word for word in the rows">
						<FoundWords
							text={receipt.response}
							spans={receipt.spans?.spans ?? null}
							colourOf={colours.ofSpan}
							selected={selected}
							onSelect={select}
						/>
					</Panel>
				)}
				{beside && fee}
			</div>
			<Attribution {...{ answer, receipt, colours }} error={query.error} onRetry={() => query.refetch()} />
			{!beside && fee}
		</article>
	);
}

function StatusBadge({ answer }: { readonly answer: Answer }) {
	const { status, answered } = answer;
	if (status === "waiting") return <Badge>waiting</Badge>;
	if (status === "streaming") return <Badge tone="accent">answering</Badge>;
	if (status === "stopped") return <Badge tone="warn">stopped</Badge>;
	if (status === "failed") return <Badge tone="bad">failed</Badge>;
	return answered?.finishReason === "length" ? (
		<Badge tone="warn">cut at its length</Badge>
	) : (
		<Badge tone="good">done</Badge>
	);
}

function Measures({ answer, receipt }: { readonly answer: Answer; readonly receipt: ShownReceipt | undefined }) {
	const { pieces, answered, forgotten = 0 } = answer;
	const speed = speedOf(answer);
	const written = answered?.tokensOut ?? pieces;
	const fee = answered?.feeWei ?? (receipt && String(receipt.receipt.feeWei));
	return (
		<div className="mt-3 flex min-h-6 flex-wrap gap-x-4 gap-y-1 border-t border-line pt-2 text-xs text-soft">
			<span>
				{answered?.tokensIn !== undefined && `${formatCount(answered.tokensIn)} tokens read, `}
				{formatCount(written)} {answered?.tokensIn === undefined && "tokens "}written
			</span>
			<span>{speed === undefined ? "– tokens/s" : `${speed.toFixed(speed < 10 ? 1 : 0)} tokens/s`}</span>
			{fee !== undefined && (
				<span>
					charged <Amount wei={fee} places={7} />
				</span>
			)}
			{forgotten > 0 && (
				<span className="text-warn">
					the context is full: {forgotten / 2} earlier {forgotten === 2 ? "question was" : "questions were"} left out
				</span>
			)}
		</div>
	);
}

function Stopped({ answer, onSettle }: { readonly answer: Answer } & Pick<AnswerActions, "onSettle">) {
	const settling = useMutation({ mutationFn: () => onSettle(answer) });
	if (answer.text === "")
		return <p className="mt-2 text-sm text-soft">Stopped before the first word; nothing was made.</p>;
	return (
		<div className="mt-2 flex flex-wrap items-center gap-3 text-sm text-soft">
			<span>
				{answer.way === "answer"
					? "The transfer pays for the whole answer, and the node makes it to its end."
					: "You pay for what was made until you left."}
			</span>
			{answer.way === "channel" ? (
				// A voucher says a total, not which answer: it cannot be sent twice.
				<ButtonLink href="/receipts">Its receipt is in the list</ButtonLink>
			) : (
				<Button busy={settling.isPending} onClick={() => settling.mutate()}>
					Get its receipt
				</Button>
			)}
			{settling.data === false && <span className="text-bad">The node did not tell it; try again in a moment.</span>}
		</div>
	);
}
