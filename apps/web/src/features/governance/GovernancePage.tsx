// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function GovernancePage() {
	return <Page title="GovernancePage">…</Page>;
}
