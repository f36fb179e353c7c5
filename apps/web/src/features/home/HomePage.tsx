// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function HomePage() {
	return <Page title="HomePage">…</Page>;
}
