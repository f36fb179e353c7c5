// Starts the page: takes the node's token out of the address, then shows the app.

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.js";
import { takeTokenFromAddress } from "./shared/api/token.js";
import "./styles.css";

takeTokenFromAddress();
createRoot(document.getElementById("root")!).render(
	<StrictMode>
		<App />
	</StrictMode>,
);
