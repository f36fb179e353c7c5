// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function ReceiptsPage() {
	return <Page title="ReceiptsPage">…</Page>;
}
