// Builds the explorer into dist/, which the node serves at its root address. Development: `npm run dev -w apps/web` beside a node on 8402.

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { withoutNode } from "./withoutNode.js";

const NODE_URL = process.env.OPENLEDGER_DEV_NODE ?? "http://127.0.0.1:8402";

export default defineConfig({
	plugins: [withoutNode(), react(), tailwindcss()],
	worker: { format: "es", plugins: () => [withoutNode()] },
	// Packages resolve to their sources, so the page needs no build of theirs.
	resolve: { conditions: ["source", "module", "browser", "import", "default"] },
	build: {
		target: "es2022",
		// An inline polyfill would need a hole in the content security policy, and every browser we support preloads modules.
		modulePreload: { polyfill: false },
		// Data URLs likewise.
		assetsInlineLimit: 0,
		chunkSizeWarningLimit: 4096,
	},
	server: {
		proxy: Object.fromEntries(
			["/api", "/rpc", "/v1", "/da"].map((path) => [path, { target: NODE_URL, changeOrigin: true }]),
		),
	},
});
