// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function BlockPage() {
	return <Page title="BlockPage">…</Page>;
}
