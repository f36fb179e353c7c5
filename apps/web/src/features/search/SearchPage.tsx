// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function SearchPage() {
	return <Page title="SearchPage">…</Page>;
}
