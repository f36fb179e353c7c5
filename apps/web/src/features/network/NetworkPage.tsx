// The network: its chain, what was settled on it, who stands behind it, what is in question, and its rules.

import { formatCount } from "../../shared/format/open.js";
import { Page } from "../../shared/ui/Page.js";
import { Tabs } from "../../shared/ui/Tabs.js";
import { BlocksTab } from "./BlocksTab.js";
import { ContractsTab } from "./ContractsTab.js";
import { DisputesTab } from "./DisputesTab.js";
import { EpochsTab } from "./EpochsTab.js";
import { NodesTab } from "./NodesTab.js";
import { ParametersTab } from "./ParametersTab.js";
import { useHead } from "./useChain.js";

export default function NetworkPage() {
	const { data: head } = useHead();
	const lead = "What the chain holds, read from it; and what was settled on it, with the means to check it.";
	return (
		<Page title="Network" lead={lead} actions={<Head block={head} />}>
			<Tabs
				label="Parts of the network"
				tabs={[
					{ id: "blocks", label: "Blocks", content: <BlocksTab /> },
					{ id: "epochs", label: "Epochs", content: <EpochsTab /> },
					{ id: "nodes", label: "Nodes", content: <NodesTab /> },
					{ id: "disputes", label: "Disputes", content: <DisputesTab /> },
					{ id: "contracts", label: "Contracts", content: <ContractsTab /> },
					{ id: "parameters", label: "Parameters", content: <ParametersTab /> },
				]}
			/>
		</Page>
	);
}

function Head({ block }: { readonly block: number | undefined }) {
	return (
		<span className="inline-flex min-h-9 items-center gap-2 text-sm text-soft">
			<span aria-hidden="true" className="size-2 rounded-full bg-good" />
			{block === undefined ? "…" : `block ${formatCount(block)}`}
		</span>
	);
}
