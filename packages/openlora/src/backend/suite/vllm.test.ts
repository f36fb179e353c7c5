import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { startVllmServer } from "../vllm/testing/vllmServer.js";
import { openVllmBackend } from "../vllm/vllmBackend.js";
import { backendSuite } from "./testing/backendSuite.js";

// The client against a server that speaks vLLM's protocol: no vLLM could be run where this was written.
backendSuite("vllm backend, over its protocol", async ({ engine, folder }) => {
	const resolverFolder = mkdtempSync(join(folder, "resolver-"));
	const server = await startVllmServer({ engine, name: "tiny", apiKey: "sesame" });
	const backend = await openVllmBackend({ url: server.url, apiKey: "sesame", resolverFolder });
	return {
		...{ backend, base: "tiny", isExact: true, pins: false },
		async end() {
			await backend.close();
			await server.close();
			rmSync(resolverFolder, { recursive: true, force: true });
			expect(server.unexpected).toEqual([]);
		},
	};
});
