import { createCanonicalBackend } from "../canonicalBackend.js";
import { backendSuite } from "./testing/backendSuite.js";

backendSuite("canonical backend", async ({ engine }) => {
	const backend = createCanonicalBackend(engine, { id: "tiny", owner: "us" });
	return { backend, base: "tiny", isExact: true, pins: true, end: () => backend.close() };
});
