// Beside an answer: who moved it, and the receipt that proves it.

import type { ReactNode } from "react";
import type { Colours } from "../../shared/attribution/colours.js";
import { ShareList } from "../../shared/attribution/ShareList.js";
import type { ShownReceipt } from "../../shared/attribution/shownReceipt.js";
import { Button, ButtonLink } from "../../shared/ui/Button.js";
import { Notice } from "../../shared/ui/Notice.js";
import { Skeleton } from "../../shared/ui/Skeleton.js";
import { type Answer, isUnderWay } from "./chatState.js";

type AttributionProps = {
	readonly answer: Answer;
	readonly receipt: ShownReceipt | undefined;
	readonly colours: Colours | undefined;
	readonly error: Error | null;
	readonly onRetry: () => void;
};

export function Attribution({ answer, receipt, colours, error, onRetry }: AttributionProps) {
	if (receipt !== undefined && colours !== undefined) {
		return (
			<Panel title="What moved this answer">
				<ShareList receipt={receipt} colours={colours} />
				<div className="mt-4">
					<ButtonLink href={`/receipts/${encodeURIComponent(receipt.id)}`}>Receipt, and verify it</ButtonLink>
				</div>
			</Panel>
		);
	}
	return (
		<Panel title="What moved this answer">
			{error === null ? (
				<Waiting answer={answer} />
			) : (
				<Notice tone="bad" title="The receipt could not be read" action={<Button onClick={onRetry}>Try again</Button>}>
					{error.message}
				</Notice>
			)}
		</Panel>
	);
}

/** A part of what is told of an answer. */
export function Panel({ title, children }: { readonly title: string; readonly children: ReactNode }) {
	return (
		<div className="min-w-0 rounded-xl border border-line bg-card p-4">
			<h4 className="mb-2 text-sm font-semibold">{title}</h4>
			{children}
		</div>
	);
}

function Waiting({ answer }: { readonly answer: Answer }) {
	const { status, answered } = answer;
	if (isUnderWay(answer))
		return (
			<p className="text-sm text-soft">
				Comes with the end of the answer: rows are weighed against all of it, not against its first words.
			</p>
		);
	if (answered !== undefined) {
		return (
			<>
				<p className="text-sm text-soft">The receipt is being made…</p>
				<Skeleton lines={5} />
			</>
		);
	}
	return (
		<p className="text-sm text-soft">
			{status === "stopped" ? "The answer was stopped: its receipt is with the node." : "There is no answer to weigh."}
		</p>
	);
}
