// Where the anvil binary lies: in the npm package of this platform, reached without the wrapper script of
// @foundry-rs/anvil, whose signals and install step we would depend on. It must not start anything.
import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { CallerError } from "@openledger/protocol";

const PLATFORMS: Readonly<Record<string, string>> = {
	"linux-x64": "anvil-linux-amd64",
	"linux-arm64": "anvil-linux-arm64",
	"darwin-x64": "anvil-darwin-amd64",
	"darwin-arm64": "anvil-darwin-arm64",
	"win32-x64": "anvil-win32-amd64",
};

/** Finds the anvil executable for this machine; throws `anvil/no-binary` if npm did not install one. */
export function findAnvil(): string {
	const platform = `${process.platform}-${process.arch}`;
	const name = PLATFORMS[platform];
	if (name === undefined) {
		throw new CallerError(
			`anvil is not published for ${platform}; use ${Object.keys(PLATFORMS).join(", ")}, or connect to a chain that runs elsewhere`,
			{ code: "anvil/no-binary" },
		);
	}
	try {
		const wrapper = createRequire(import.meta.url).resolve("@foundry-rs/anvil/package.json");
		const folder = dirname(createRequire(wrapper).resolve(`@foundry-rs/${name}/package.json`));
		const binary = join(folder, "bin", process.platform === "win32" ? "anvil.exe" : "anvil");
		accessSync(binary, constants.X_OK);
		return binary;
	} catch (cause) {
		throw new CallerError(
			`@foundry-rs/${name} is not installed or not executable; run npm install without --omit=optional`,
			{ code: "anvil/no-binary", cause },
		);
	}
}
