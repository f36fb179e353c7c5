// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function ReceiptPage() {
	return <Page title="ReceiptPage">…</Page>;
}
