// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function ModelPage() {
	return <Page title="ModelPage">…</Page>;
}
