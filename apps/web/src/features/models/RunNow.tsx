// How far a training is, in numbers; of one that is done, what it came to.

import { Link } from "wouter";
import { formatCount } from "../../shared/format/open.js";
import { formatSpan } from "../../shared/format/time.js";
import { Card } from "../../shared/ui/Card.js";
import { ProgressBar } from "../../shared/ui/ProgressBar.js";
import { Stat } from "../../shared/ui/Stat.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { JobBadge } from "./JobBadge.js";
import type { Curve, Job } from "./modelTypes.js";

type RunNowProps = { readonly job: Job; readonly curve: Curve | undefined };

export function RunNow({ job, curve }: RunNowProps) {
	const { status, progress, datanet, snapshotVersion, name } = job;
	const isDone = status === "done";
	const isFeatures = progress?.stage === "features";
	const doing = isFeatures ? "measuring each row's influence" : "training";
	return (
		<Card
			title={
				<span className="flex items-center gap-2">
					<JobBadge status={status} />
					{status === "running" && progress !== null && doing}
				</span>
			}
			aside={
				<>
					rows of{" "}
					<Link href={`/datanets/${encodeURIComponent(datanet.id)}`} className="text-accent hover:underline">
						<UntrustedText text={datanet.name} max={40} />
					</Link>{" "}
					version {snapshotVersion}
				</>
			}
		>
			<ProgressBar
				label={`Training of ${name}`}
				done={isDone ? 1 : (progress?.done ?? 0)}
				total={isDone ? 1 : (progress?.total ?? 1)}
			/>
			<div className="mt-4 grid grid-cols-2 gap-3 sm:grid-cols-4">
				{isDone ? <Done job={job} curve={curve} /> : <Going job={job} />}
			</div>
		</Card>
	);
}

function Going({ job: { status, progress } }: Pick<RunNowProps, "job">) {
	const isRunning = status === "running";
	if (progress === null) {
		return ["Step", "Tokens per second", "Time left", "Loss"].map((label) => (
			<Stat key={label} label={label} value="–" note={isRunning && "preparing"} />
		));
	}
	const { stage, done, total, epoch, epochs, tokensPerSecond, secondsLeft, loss } = progress;
	const isFeatures = stage === "features";
	return (
		<>
			<Stat
				label={isFeatures ? "Rows measured" : "Step"}
				value={`${formatCount(done)} / ${formatCount(total)}`}
				note={!isFeatures && epoch !== undefined && `epoch ${epoch} of ${epochs}`}
			/>
			<Stat
				label="Tokens per second"
				value={tokensPerSecond === undefined ? "–" : formatCount(Math.round(tokensPerSecond))}
				note={isFeatures ? "of rows measured" : "of late"}
			/>
			<Stat
				label="Time left"
				value={isRunning ? formatSpan(secondsLeft) : "–"}
				note={isRunning && (isFeatures ? "then it is published" : "then influence features")}
			/>
			<Loss loss={loss} validation={progress.validation} />
		</>
	);
}

function Done({ job: { progress, beganAt, endedAt, estimate, wasResumed }, curve }: RunNowProps) {
	const took = beganAt === null || endedAt === null ? undefined : (endedAt - beganAt) / 1000;
	const tokens =
		estimate === null || curve === undefined ? 0 : (estimate.training.tokens * curve.taken) / estimate.steps;
	const seconds = curve?.seconds ?? 0;
	return (
		<>
			<Stat label="Steps" value={curve === undefined ? undefined : formatCount(curve.taken)} />
			<Stat
				label="Tokens per second"
				value={tokens === 0 || seconds === 0 ? "–" : formatCount(Math.round(tokens / seconds))}
				note="in training steps"
			/>
			<Stat
				label="Took"
				value={took === undefined ? "–" : formatSpan(took)}
				note={wasResumed ? "since it went on" : "features and publishing too"}
			/>
			<Loss loss={progress?.loss} validation={progress?.validation} />
		</>
	);
}

type LossProps = {
	readonly loss: number | undefined;
	readonly validation: { readonly loss: number; readonly best: number } | undefined;
};

function Loss({ loss, validation }: LossProps) {
	const held = validation && `held out ${validation.loss.toFixed(3)}, best ${validation.best.toFixed(3)}`;
	return <Stat label="Loss" value={loss?.toFixed(3) ?? "–"} note={held} />;
}
