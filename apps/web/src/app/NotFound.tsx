// An address that nothing lies at.

import { ButtonLink } from "../shared/ui/Button.js";
import { Empty } from "../shared/ui/Empty.js";
import { Page } from "../shared/ui/Page.js";

export default function NotFound() {
	return (
		<Page title="Nothing here">
			<Empty title="No page lies at this address" action={<ButtonLink href="/search">Search for it</ButtonLink>}>
				It may have been mistyped, or belong to a node of another version.
			</Empty>
		</Page>
	);
}
export { NotFound };
