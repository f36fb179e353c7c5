// All datanets, and what of their contributions waits for somebody.

import { useState } from "react";
import { hasToken } from "../../shared/api/token.js";
import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Dialog } from "../../shared/ui/Dialog.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Page } from "../../shared/ui/Page.js";
import { Tabs } from "../../shared/ui/Tabs.js";
import { CreateDatanet } from "./CreateDatanet.js";
import { DatanetTable } from "./DatanetTable.js";
import { NO_TOKEN } from "./noToken.js";
import { ReviewQueue } from "./review/ReviewQueue.js";

export default function DatanetsPage() {
	const [isCreating, setCreating] = useState(false);
	const create = (
		<Button
			kind="primary"
			disabled={!hasToken()}
			title={hasToken() ? undefined : NO_TOKEN}
			onClick={() => setCreating(true)}
		>
			New datanet
		</Button>
	);
	const list = (
		<Card>
			<DatanetTable
				empty={
					<Empty title="There is no datanet yet" action={create}>
						A datanet collects rows under one set of terms. Create one, then drop a file of questions and answers into
						it.
					</Empty>
				}
			/>
		</Card>
	);
	return (
		<Page
			title="Datanets"
			lead="Rows that people contributed, under terms that are fixed on chain. Models learn from their frozen versions."
			actions={create}
		>
			<Tabs
				label="Datanets"
				tabs={[
					{ id: "all", label: "All datanets", content: list },
					{ id: "reviews", label: "Review queue", content: <ReviewQueue /> },
				]}
			/>
			<Dialog title="New datanet" isOpen={isCreating} onClose={() => setCreating(false)}>
				<CreateDatanet />
			</Dialog>
		</Page>
	);
}
