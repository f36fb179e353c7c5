// Keeps adapters that are put in over HTTP to the folders that were allowed: a path from outside names no file of this machine.
// It must not know what serves them.

import { realpath } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { type AdapterAdmin, ApiError } from "@openledger/openlora";

/** The same verbs, with `load` only beneath the roots; a path that is not absolute begins at the first of them. */
export function beneathRoots(admin: AdapterAdmin, roots: readonly string[]): AdapterAdmin {
	return {
		...admin,
		async load({ path, ...asked }) {
			return await admin.load({ ...asked, path: await allowed(path, roots) });
		},
	};
}

async function allowed(path: string, roots: readonly string[]): Promise<string> {
	const outside = () => {
		const message = "lora_path must name an adapter's folder beneath a folder that this server was started with";
		return new ApiError(403, "path_not_allowed", message, { param: "lora_path" });
	};
	const [first] = roots;
	if (first === undefined || path.includes("\0")) throw outside();
	// One answer for what is outside and what is not there: a path tells nothing about this machine.
	const real = await realpath(resolve(first, path)).catch(() => {
		throw outside();
	});
	for (const root of roots) {
		const beneath = await realpath(root).catch(() => undefined);
		if (beneath !== undefined && real.startsWith(beneath + sep)) return real;
	}
	throw outside();
}
