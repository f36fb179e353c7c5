// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function ContributorPage() {
	return <Page title="ContributorPage">…</Page>;
}
