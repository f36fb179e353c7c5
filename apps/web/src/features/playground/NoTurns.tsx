// Before anything was asked: what this does, and questions to begin with, out of the rows that the model learnt from.

import { Button } from "../../shared/ui/Button.js";
import { Empty } from "../../shared/ui/Empty.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { useExamples } from "./useServedModels.js";

type NoTurnsProps = { readonly modelId: string | undefined; readonly onPick: (question: string) => void };

export function NoTurns({ modelId, onPick }: NoTurnsProps) {
	const { data, isPending } = useExamples(modelId);
	const questions = data?.questions ?? [];
	return (
		<Empty
			title="Nothing asked yet"
			action={
				<ul
					className="mt-2 flex min-h-24 max-w-3xl flex-wrap content-start justify-center gap-2"
					aria-label="Questions to begin with"
				>
					{questions.map((question) => (
						<li key={question} className="min-w-0">
							<Button onClick={() => onPick(question)} className="max-w-full text-left">
								<UntrustedText text={question} max={160} />
							</Button>
						</li>
					))}
					{!isPending && questions.length === 0 && (
						<li className="text-sm text-soft">The model's rows hold no short questions.</li>
					)}
				</ul>
			}
		>
			Begin with a question as it stands in the rows, or write your own. The answer comes word by word; at its end stand
			beside it whose rows moved it, which of its words stand in rows, and where your fee went.
		</Empty>
	);
}
