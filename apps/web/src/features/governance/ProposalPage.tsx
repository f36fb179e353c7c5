// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function ProposalPage() {
	return <Page title="ProposalPage">…</Page>;
}
