// Being written.

import { Page } from "../../shared/ui/Page.js";

export default function PlaygroundPage() {
	return <Page title="PlaygroundPage">…</Page>;
}
