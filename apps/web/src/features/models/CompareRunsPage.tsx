// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function CompareRunsPage() {
	return <Page title="CompareRunsPage">…</Page>;
}
