// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function EpochPage() {
	return <Page title="EpochPage">…</Page>;
}
