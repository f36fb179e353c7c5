// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function EarningsPage() {
	return <Page title="EarningsPage">…</Page>;
}
