// A stand-alone OpenLoRA server: a base, a folder of adapters, the OpenAI API; no chain, no database, no payment.

import {
	type Billing,
	createOpenLora,
	freeBilling,
	type Logger,
	listenOpenLora,
	openKeyFile,
} from "@openledger/openlora";
import { CallerError } from "@openledger/protocol";
import { errorText } from "../errors.js";
import { foreignHost, isOwnHost } from "../foreignHost.js";
import { removeNodeFile, writeNodeFile } from "../home/nodeFile.js";
import { within } from "../within.js";
import { beneathRoots } from "./adapterRoots.js";
import { readOrMakeAdminKey } from "./adminKeyFile.js";
import { type CanonicalServing, openServingBackend, type VllmServing } from "./openServingBackend.js";
import { type Scan, scanAdapters } from "./scanAdapters.js";
import { withAdapters } from "./withAdapters.js";

export type ServeAdapters = {
	readonly backend: CanonicalServing | VllmServing;
	/** Folder with adapters; also the one beneath which more may be loaded. */
	readonly adapters?: string;
	readonly host: string;
	/** Further names that it answers to where `host` is this machine alone. */
	readonly hosts?: readonly string[] | undefined;
	/** 0 takes any free one. */
	readonly port: number;
	/** API keys, by their hashes; without it nobody needs one. */
	readonly keysFile?: string;
	/** The key of the adapter endpoints; made if it is not there. Without it they are closed. */
	readonly adminKeyFile?: string;
	/** Where the address is written down while the server is up, for commands. */
	readonly home?: string;
	readonly cors?: readonly string[];
	readonly logger?: Logger;
	/** Told what happens, one line at a time; never a secret. */
	readonly log?: (line: string) => void;
	readonly onScan?: (looked: number) => void;
};

export type Serving = {
	readonly url: string;
	readonly base: string;
	readonly scan: Scan;
	readonly proves: "bit-exact" | "nothing";
	readonly computes: string;
	/** Takes no new requests, lets those under way finish, for so long; then ends them. May be called twice. */
	close(options?: { readonly withinMs?: number }): Promise<void>;
};

const DRAIN_MS = 30_000;

/** Throws `serve/port-taken`, `serve/bad-keys`, `serve/no-folder`, and what `openServingBackend` throws. */
export async function serveAdapters(options: ServeAdapters): Promise<Serving> {
	const { adapters: folder, host, port, hosts, home, cors, logger, log = () => {}, onScan } = options;
	const keys = options.keysFile === undefined ? undefined : readKeys(options.keysFile, log);
	const adminKey = options.adminKeyFile === undefined ? undefined : readOrMakeAdminKey(options.adminKeyFile);
	const opened = await openServingBackend(options.backend);
	try {
		const scanned = { ...opened.shape, ...(onScan && { onProgress: onScan }) };
		const scan = folder === undefined ? { adapters: [], passedOver: [] } : await scanAdapters(folder, scanned);
		opened.register(
			scan.adapters.filter(({ id }) => id !== opened.baseName),
			"openledger",
		);
		const guarded = beneathRoots(opened.backend.adapters, folder === undefined ? [] : [folder]);
		const backend = withAdapters(opened.backend, guarded);
		const app = createOpenLora({
			backend,
			billing: freeBilling(backend) as Billing<unknown>,
			...{ keys, adminKey, cors, logger, processMetrics: true },
			...(opened.concurrent !== undefined && { concurrent: opened.concurrent }),
			onError: (error) => log(`a request failed: ${errorText(error)}`),
		});
		// Whoever lets other machines reach it lets them call it by any name.
		const isLocal = isOwnHost(`http://${host.includes(":") ? `[${host}]` : host}`);
		const answer = async (request: Request): Promise<Response> =>
			isLocal && !isOwnHost(request.url, hosts) ? foreignHost(request.url) : await app.fetch(request);
		const listening = await listenOpenLora(answer, { host, port }).catch((cause: NodeJS.ErrnoException) => {
			const message = `port ${port} on ${host} cannot be had (${cause.code}); choose another, or 0 for any free one`;
			throw new CallerError(message, { code: "serve/port-taken", cause });
		});
		if (home !== undefined) writeNodeFile(home, { pid: process.pid, url: listening.url });
		let closed: Promise<void> | undefined;
		return {
			url: listening.url,
			base: opened.baseName,
			scan,
			proves: backend.proves,
			computes: opened.computes,
			close({ withinMs = DRAIN_MS } = {}) {
				closed ??= (async () => {
					if (home !== undefined) removeNodeFile(home);
					// Both at once: what is under way finishes, what comes is told to come back.
					await within(app.drain(), withinMs);
					await listening.close({ withinMs: 1000 });
					await opened.close();
				})();
				return closed;
			},
		};
	} catch (error) {
		await opened.close();
		throw error;
	}
}

function readKeys(file: string, log: (line: string) => void) {
	try {
		return openKeyFile(file, { onError: (error) => log(`the keys of before stay: ${error.message}`) });
	} catch (cause) {
		throw new CallerError(`the key file cannot be used: ${errorText(cause)}`, { code: "serve/bad-keys", cause });
	}
}
