// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function TransactionPage() {
	return <Page title="TransactionPage">…</Page>;
}
