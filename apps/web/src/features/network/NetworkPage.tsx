// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function NetworkPage() {
	return <Page title="NetworkPage">…</Page>;
}
