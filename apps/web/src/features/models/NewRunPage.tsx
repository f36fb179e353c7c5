// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function NewRunPage() {
	return <Page title="NewRunPage">…</Page>;
}
