// A page that fails takes only itself down: the frame stays, and the way on is named. A new address tries again.

import { Component, type ReactNode } from "react";
import { Button } from "../shared/ui/Button.js";
import { Notice } from "../shared/ui/Notice.js";

type Props = { readonly children: ReactNode };
type State = { readonly error?: Error; readonly at?: string };

export class ErrorBoundary extends Component<Props, State> {
	override state: State = {};

	static getDerivedStateFromError(error: Error): State {
		return { error, at: location.href };
	}

	override componentDidMount(): void {
		addEventListener("popstate", this.reset);
	}

	override componentWillUnmount(): void {
		removeEventListener("popstate", this.reset);
	}

	reset = (): void => this.setState({ error: undefined, at: undefined } as unknown as State);

	override render(): ReactNode {
		const { error, at } = this.state;
		if (error === undefined || at !== location.href) return this.props.children;
		// A node that was updated while the page was open no longer has the old parts.
		const isStale = /dynamically imported module|Importing a module/.test(error.message);
		return (
			<Notice
				tone="bad"
				title={isStale ? "This page is older than its node" : "This page failed"}
				action={
					<Button onClick={() => (isStale ? location.reload() : this.reset())}>
						{isStale ? "Reload" : "Try again"}
					</Button>
				}
			>
				{isStale ? "Reload it to get the node's current pages." : error.message}
			</Notice>
		);
	}
}
