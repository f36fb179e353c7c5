// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function StakePage() {
	return <Page title="StakePage">…</Page>;
}
