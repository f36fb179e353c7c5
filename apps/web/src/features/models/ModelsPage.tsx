// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function ModelsPage() {
	return <Page title="ModelsPage">…</Page>;
}
