// One model: what it is, where it comes from, that it is what the chain says, what it answered, how to use it.

import { useParams } from "wouter";
import { isMissing } from "../../shared/api/client.js";
import { ButtonLink } from "../../shared/ui/Button.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Notice } from "../../shared/ui/Notice.js";
import { Page } from "../../shared/ui/Page.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { Tabs } from "../../shared/ui/Tabs.js";
import { AnswersCard } from "./AnswersCard.js";
import { CommitmentsCard } from "./CommitmentsCard.js";
import { LineageCard } from "./LineageCard.js";
import { ModelFacts } from "./ModelFacts.js";
import type { Model } from "./modelTypes.js";
import { ReplayCard } from "./ReplayCard.js";
import { UseCard } from "./UseCard.js";
import { useModel } from "./useModels.js";

export default function ModelPage() {
	const { id = "" } = useParams<{ id: string }>();
	const model = useModel(id);
	if (isMissing(model.error)) {
		return (
			<Page title="No such model">
				<Empty
					title="This node has no model by this name or id"
					action={<ButtonLink href="/models">All models</ButtonLink>}
				/>
			</Page>
		);
	}
	const name = model.data?.model ?? id;
	return (
		<Page
			title={name}
			lead="An adapter, and all that shows where it comes from."
			actions={
				<>
					<ButtonLink href={`/playground?model=${encodeURIComponent(name)}`} kind="primary">
						Ask it
					</ButtonLink>
					<ButtonLink href={`/models/compare?models=${encodeURIComponent(name)}`}>Compare</ButtonLink>
				</>
			}
		>
			{/* As tall as what comes, so that nothing below jumps. */}
			<div className="min-h-screen">
				<QueryView query={model} lines={16}>
					{(data) => <Parts model={data} />}
				</QueryView>
			</div>
		</Page>
	);
}

function Parts({ model }: { readonly model: Model }) {
	const { model: name, erasedRows } = model;
	return (
		<div className="flex flex-col gap-5">
			{erasedRows > 0 && (
				<Notice tone="warn" title="Rows that it learnt from were erased">
					{erasedRows === 1 ? "One row is" : `${erasedRows} rows are`} gone. The model still has what it learnt and
					cannot be replayed. Train it anew on a new version of the datanet.
				</Notice>
			)}
			<Tabs
				label="About the model"
				tabs={[
					{ id: "about", label: "What it is", content: <ModelFacts model={model} /> },
					{ id: "lineage", label: "Where it comes from", content: <LineageCard model={name} /> },
					{
						id: "proof",
						label: "Check and replay",
						content: (
							<div className="flex flex-col gap-5">
								<CommitmentsCard model={name} />
								<ReplayCard model={model} />
							</div>
						),
					},
					{ id: "answers", label: "Answers", content: <AnswersCard model={name} /> },
					{ id: "use", label: "Use it", content: <UseCard model={model} /> },
				]}
			/>
		</div>
	);
}
