// What a run is a function of, what it was guessed to take and what it took.

import { formatCount } from "../../shared/format/open.js";
import { formatDate, formatSpan } from "../../shared/format/time.js";
import { Card } from "../../shared/ui/Card.js";
import { Facts } from "../../shared/ui/Facts.js";
import { Hash } from "../../shared/ui/Hash.js";
import type { Job } from "./modelTypes.js";
import { RecipeTable } from "./RecipeTable.js";
import { sayFrom } from "./saySpeed.js";

export function RunFacts({ job }: { readonly job: Job }) {
	const { id, start, recipe, estimate, queuedAt, beganAt, trainedAt, endedAt, status, wasResumed } = job;
	const at = (time: number | null) => (time === null ? "–" : formatDate(Math.floor(time / 1000)));
	const took = status === "done" && beganAt !== null && endedAt !== null ? (endedAt - beganAt) / 1000 : undefined;
	const guessed = estimate?.seconds?.total;
	return (
		<Card title="About this run">
			<Facts
				of={[
					["Run", <Hash key="id" value={id} />],
					["Start", <Hash key="start" value={start} />],
					...(estimate === null
						? []
						: ([
								[
									"Work",
									`${formatCount(estimate.steps)} steps, ${formatCount(estimate.training.tokens)} tokens, ${formatCount(estimate.learnt)} rows learnt, ${formatCount(estimate.heldOut)} held out, ${formatCount(estimate.leftOut)} left out`,
								],
								["Guessed", guessed === undefined ? "not: nothing was measured here before" : formatSpan(guessed)],
								["Guessed by", sayFrom(estimate.from)],
							] as const)),
					...(took === undefined
						? []
						: ([["Took", wasResumed ? `${took.toFixed(1)} s since it went on` : tookText(took, guessed)]] as const)),
					["Queued", at(queuedAt)],
					["Began", at(beganAt)],
					["Last step", at(trainedAt)],
					["Ended", at(endedAt)],
				]}
			/>
			<details className="mt-4">
				<summary className="cursor-pointer text-sm font-medium">Recipe</summary>
				<RecipeTable recipe={recipe} />
			</details>
		</Card>
	);
}

function tookText(took: number, guessed: number | undefined): string {
	const said = `${took.toFixed(1)} s`;
	if (guessed === undefined) return said;
	const off = Math.round((100 * (guessed - took)) / took);
	return `${said}; the guess was ${off === 0 ? "right" : off > 0 ? `${off} % too long` : `${-off} % too short`}`;
}
