// One training while it goes on: loss, speed, time left, log; stop it, let it go on. When it is done, its model.

import { useEffect, useRef } from "react";
import { useLocation, useParams } from "wouter";
import { isMissing } from "../../shared/api/client.js";
import { hasToken } from "../../shared/api/token.js";
import { Button, ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Notice } from "../../shared/ui/Notice.js";
import { Page } from "../../shared/ui/Page.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { JobLog } from "./JobLog.js";
import { LossChart } from "./LossChart.js";
import type { Job } from "./modelTypes.js";
import { RunFacts } from "./RunFacts.js";
import { RunNow } from "./RunNow.js";
import { isOpen, useChangeJob, useJob, useJobCurve } from "./useJobs.js";
import { modelPath } from "./useModels.js";

export default function RunPage() {
	const { id = "" } = useParams<{ id: string }>();
	const job = useJob(id);
	useModelWhenDone(job.data);
	if (isMissing(job.error)) {
		return (
			<Page title="No such run">
				<Empty title="This node has no training by this id" action={<ButtonLink href="/models">All runs</ButtonLink>} />
			</Page>
		);
	}
	const name = job.data?.name;
	return (
		<Page
			title={name === undefined ? "Run" : `Run of ${name}`}
			lead="A run is a pure function of base, rows, recipe and engine: stopped or killed at any moment it goes on to the same bits."
			actions={job.data !== undefined && <Actions job={job.data} />}
		>
			{/* As tall as what comes, so that nothing below jumps. */}
			<div className="flex min-h-screen flex-col gap-5">
				<QueryView query={job} lines={14}>
					{(data) => <Shown job={data} />}
				</QueryView>
			</div>
		</Page>
	);
}

/** Goes to the model's page where it was seen running here. */
function useModelWhenDone(job: Job | undefined): void {
	const [, go] = useLocation();
	const wasOpen = useRef(false);
	useEffect(() => {
		if (job === undefined) return;
		if (isOpen(job.status)) wasOpen.current = true;
		else if (job.status === "done" && job.model !== null && wasOpen.current) go(modelPath(job.model));
	}, [job, go]);
}

function Actions({ job: { id, status } }: { readonly job: Job }) {
	const change = useChangeJob(id);
	const mayChange = hasToken();
	const why = mayChange ? undefined : "This tab may look but not change; open the link that the node printed";
	if (isOpen(status)) {
		return (
			<Button
				kind="danger"
				onClick={() => change.mutate("stop")}
				busy={change.isPending}
				disabled={!mayChange}
				title={why}
			>
				Stop the run
			</Button>
		);
	}
	if (status === "done") return null;
	return (
		<Button
			kind="primary"
			onClick={() => change.mutate("resume")}
			busy={change.isPending}
			disabled={!mayChange}
			title={why}
		>
			{status === "stopped" ? "Go on" : "Try again"}
		</Button>
	);
}

function Shown({ job }: { readonly job: Job }) {
	const { id, status, error, model } = job;
	const curve = useJobCurve(id, status);
	return (
		<>
			{status === "failed" && (
				<Notice tone="bad" title="The training failed">
					<UntrustedText text={error ?? ""} />
				</Notice>
			)}
			{status === "stopped" && (
				<Notice tone="warn" title="Stopped">
					What it has learnt is kept up to its last save, at most 30 seconds of work before the stop. “Go on” continues
					there.
				</Notice>
			)}
			{status === "done" && model !== null && (
				<Notice tone="good" title="Done" action={<ButtonLink href={modelPath(model)}>Model {model}</ButtonLink>}>
					The adapter is published on chain and answers as {model}.
				</Notice>
			)}
			<RunNow job={job} curve={curve.data} />
			<Card title="Loss" aside={curve.data && `${curve.data.taken} steps taken`}>
				<div className="min-h-88">
					<QueryView
						query={curve}
						lines={8}
						isEmpty={({ steps }) => steps.length === 0}
						empty={<Empty title="No step yet">Losses appear here as the first steps are taken.</Empty>}
					>
						{({ steps, validations }) => (
							<LossChart
								label="Loss over steps"
								lines={[
									{ name: "training", points: steps, colour: 0 },
									{ name: "rows held out", points: validations, colour: 2, isValidation: true },
								]}
							/>
						)}
					</QueryView>
				</div>
			</Card>
			<div className="grid gap-5 lg:grid-cols-2">
				<RunFacts job={job} />
				<JobLog id={id} status={status} />
			</div>
		</>
	);
}
