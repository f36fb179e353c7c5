// The whole page: cache, wallet, frame, and one feature per path. Features are loaded when they are first looked at.

import { QueryClientProvider } from "@tanstack/react-query";
import { queryClient } from "../shared/api/queryClient.js";
import { WalletProvider } from "../shared/wallet/WalletProvider.js";
import { ErrorBoundary } from "./ErrorBoundary.js";
import { Frame } from "./Frame.js";
import { Pages } from "./Pages.js";

export function App() {
	return (
		<QueryClientProvider client={queryClient}>
			<WalletProvider>
				<Frame>
					<ErrorBoundary>
						<Pages />
					</ErrorBoundary>
				</Frame>
			</WalletProvider>
		</QueryClientProvider>
	);
}
