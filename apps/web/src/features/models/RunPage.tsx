// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function RunPage() {
	return <Page title="RunPage">…</Page>;
}
