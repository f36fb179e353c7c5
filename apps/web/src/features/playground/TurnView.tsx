// A question with the answers to it, one or two.

import { useEffect, useMemo, useRef } from "react";
import { coloursOf } from "../../shared/attribution/colours.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { type AnswerActions, AnswerView } from "./AnswerView.js";
import { Comparison } from "./Comparison.js";
import type { Turn } from "./chatState.js";
import { useAnswerReceipt } from "./useAnswerReceipt.js";

export function TurnView({ turn: { question, answers }, ...actions }: AnswerActions & { readonly turn: Turn }) {
	const [one, other] = answers;
	const first = useAnswerReceipt(one?.answered).receipt;
	const second = useAnswerReceipt(other?.answered).receipt;
	const colours = useMemo(() => {
		const known = [first, second].filter((receipt) => receipt !== undefined);
		return known.length === 0 ? undefined : coloursOf(...known);
	}, [first, second]);
	const top = useRef<HTMLDivElement>(null);
	useEffect(() => {
		top.current?.scrollIntoView({ block: "start" });
	}, []);
	return (
		<div ref={top} className="flex scroll-mt-4 flex-col gap-3">
			<h2 className="rounded-xl bg-accent-wash px-4 py-2 text-base font-medium">
				<UntrustedText text={question} max={600} block />
			</h2>
			{one !== undefined && other !== undefined && (
				<Comparison
					question={question}
					of={[
						{ answer: one, receipt: first },
						{ answer: other, receipt: second },
					]}
				/>
			)}
			<div className={`grid gap-4 ${answers.length > 1 ? "md:grid-cols-2" : ""}`}>
				{answers.map((answer) => (
					<AnswerView key={answer.id} answer={answer} beside={answers.length === 1} colours={colours} {...actions} />
				))}
			</div>
		</div>
	);
}
