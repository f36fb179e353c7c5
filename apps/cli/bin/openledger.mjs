#!/usr/bin/env node
// Starts the built command line. It checks what the build itself could not say: the Node version, and that there is a build.
import { existsSync } from "node:fs";

const [major, minor] = process.versions.node.split(".").map(Number);
const built = new URL("../dist/index.js", import.meta.url);

if (major < 20 || (major === 20 && minor < 19)) {
	console.error(`OpenLedger needs Node 20.19 or newer; this is ${process.versions.node}. See https://nodejs.org`);
	process.exitCode = 1;
} else if (!existsSync(built)) {
	console.error("openledger is not built yet; run `npm start` or `npm run demo` once, or `npm ci && npm run build`");
	process.exitCode = 1;
} else {
	const { main } = await import(built.href);
	process.exitCode = await main(process.argv.slice(2));
}
