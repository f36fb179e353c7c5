// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function DatanetsPage() {
	return <Page title="DatanetsPage">…</Page>;
}
