// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function DatanetPage() {
	return <Page title="DatanetPage">…</Page>;
}
