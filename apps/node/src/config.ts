// The only reader of the environment: where the node lives, which chain, which base model. Everything else gets it handed.

import { availableParallelism, homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { LocalWindows } from "@openledger/chain";
import type { Logger } from "@openledger/openlora";
import { CallerError, type Hex, sha256, utf8 } from "@openledger/protocol";
import { jsonLogger } from "./serveAdapters/requestLogger.js";

export type NodeConfig = {
	/** Folder with everything the node knows. */
	readonly home: string;
	/** Port of the HTTP surface on 127.0.0.1; 0 takes any free one. */
	readonly port: number;
	readonly chainId: number;
	/** Folder of the base model, in Hugging Face form. */
	readonly baseFolder: string;
	/** Threads of the engine, 1 unless said; they change speed, never a bit. */
	readonly threads?: number;
	/** Folder where compiled native kernels are looked for, and built in the background; without it WebAssembly computes, the same bits. */
	readonly nativeFolder?: string | undefined;
	/** Folder of the built explorer, which the node serves at its root; without it a page there says how to build it. */
	readonly webFolder?: string | undefined;
	/** Where epochs' data is kept: the URL of EigenDA's proxy or of another such data layer; by default the one in this node. */
	readonly dataUrl?: string | undefined;
	/** When receipts are made: with the answer, or right after it. */
	readonly receipts?: "inline" | "deferred";
	/** How answers are served; what is left out has a default. */
	readonly serving?: ServingConfig;
	/** 32 bytes from which all keys and salts come; by default random, made once and kept in the home. */
	readonly seed?: Hex;
	/** How long the local chain's windows are, fixed when the home is made: `quick` by default, `by-hand` for people who dispute themselves. */
	readonly windows?: LocalWindows | undefined;
	/** Told what happens, one line at a time; never a secret. */
	readonly log?: (line: string) => void;
};

export type ServingConfig = {
	/** Megabytes for adapters in memory; 67 by default. */
	readonly cacheMb?: number;
	/** Megabytes for keys and values; by default what twice `batch` contexts of full length take, at most 268. */
	readonly kvMb?: number;
	/** Answers made side by side; 16 by default. */
	readonly batch?: number;
	/** Requests that may wait; 1,024 by default. */
	readonly waiting?: number;
	/** Of them, those of one payer; 256 by default. */
	readonly perTenant?: number;
	/** Models whose runs and attributors stay in memory; 8 by default. */
	readonly modelsInMemory?: number;
	/** How long requests under way may take to finish when the node closes; 10 s by default. */
	readonly drainSeconds?: number;
	/** Names besides 127.0.0.1 and localhost that clients may call it by: a proxy's before it. The API and the chain keep to those two. */
	readonly hosts?: readonly string[];
	/** Told of every request, without its text. */
	readonly logger?: Logger;
};

/** The seed of demos: the same keys and salts everywhere, known to everybody, never for real money. */
export const demoSeed: Hex = sha256(utf8("openledger demo seed, known to everybody"));

const DEFAULT_PORT = 8402;
const DEFAULT_CHAIN = 612055;
const MOST_THREADS = 64;
/** More threads than this do not repay their hand-off on models of ember's size. */
const DEFAULT_THREADS = 4;

/**
 * The configuration from OPENLEDGER_HOME, OPENLEDGER_PORT, OPENLEDGER_CHAIN_ID, OPENLEDGER_BASE, OPENLEDGER_THREADS, OPENLEDGER_NATIVE
 * (auto or off), OPENLEDGER_RECEIPTS (inline or deferred), OPENLEDGER_DA_URL and what `readServing` reads; overrides win.
 */
export function readConfig(overrides: Partial<NodeConfig> = {}): NodeConfig {
	const { env } = process;
	const config = {
		home: resolve(overrides.home ?? env.OPENLEDGER_HOME ?? join(homedir(), ".openledger")),
		port: overrides.port ?? numberFrom("OPENLEDGER_PORT", env.OPENLEDGER_PORT, 0, 65_535) ?? DEFAULT_PORT,
		chainId:
			overrides.chainId ??
			numberFrom("OPENLEDGER_CHAIN_ID", env.OPENLEDGER_CHAIN_ID, 1, Number.MAX_SAFE_INTEGER) ??
			DEFAULT_CHAIN,
		baseFolder: resolve(overrides.baseFolder ?? env.OPENLEDGER_BASE ?? shippedBase()),
		threads:
			overrides.threads ??
			numberFrom("OPENLEDGER_THREADS", env.OPENLEDGER_THREADS, 1, MOST_THREADS) ??
			Math.min(DEFAULT_THREADS, availableParallelism()),
		serving: { ...readServing(env), ...overrides.serving },
		receipts: overrides.receipts ?? receiptsFrom(env.OPENLEDGER_RECEIPTS),
		dataUrl: overrides.dataUrl ?? urlFrom("OPENLEDGER_DA_URL", env.OPENLEDGER_DA_URL),
		webFolder: overrides.webFolder ?? builtWeb(),
		nativeFolder: overrides.nativeFolder ?? nativeFolder(env.OPENLEDGER_NATIVE, env.XDG_CACHE_HOME),
	};
	return { ...overrides, ...config };
}

/**
 * OPENLEDGER_CACHE_MB, OPENLEDGER_KV_MB, OPENLEDGER_BATCH, OPENLEDGER_WAITING, OPENLEDGER_PER_TENANT, OPENLEDGER_MODELS_IN_MEMORY,
 * OPENLEDGER_DRAIN_SECONDS, OPENLEDGER_HOSTS (names, with commas between them), and OPENLEDGER_LOG: json writes every request to stderr.
 */
function readServing(env: NodeJS.ProcessEnv): ServingConfig {
	const numbers = {
		cacheMb: numberFrom("OPENLEDGER_CACHE_MB", env.OPENLEDGER_CACHE_MB, 1, 3500),
		kvMb: numberFrom("OPENLEDGER_KV_MB", env.OPENLEDGER_KV_MB, 1, 3500),
		batch: numberFrom("OPENLEDGER_BATCH", env.OPENLEDGER_BATCH, 1, 256),
		waiting: numberFrom("OPENLEDGER_WAITING", env.OPENLEDGER_WAITING, 1, 100_000),
		perTenant: numberFrom("OPENLEDGER_PER_TENANT", env.OPENLEDGER_PER_TENANT, 1, 100_000),
		modelsInMemory: numberFrom("OPENLEDGER_MODELS_IN_MEMORY", env.OPENLEDGER_MODELS_IN_MEMORY, 1, 10_000),
		drainSeconds: numberFrom("OPENLEDGER_DRAIN_SECONDS", env.OPENLEDGER_DRAIN_SECONDS, 0, 3600),
	};
	const given = Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined));
	const choice = env.OPENLEDGER_LOG ?? "";
	if (!["", "off", "json"].includes(choice)) {
		throw new CallerError(`OPENLEDGER_LOG is ${JSON.stringify(choice)}; it must be json or off`, {
			code: "config/bad-choice",
			details: { name: "OPENLEDGER_LOG" },
		});
	}
	const hosts = readHosts(env.OPENLEDGER_HOSTS);
	return { ...given, ...(hosts.length > 0 && { hosts }), ...(choice === "json" && { logger: jsonLogger() }) };
}

/** As `URL` writes them; a port behind a name does not matter. Throws `config/bad-host`. */
export function readHosts(text = ""): readonly string[] {
	const names = text.split(",").map((name) => name.trim());
	return names.filter(Boolean).map((name) => {
		const url = `http://${name}`;
		if (URL.canParse(url) && !/[/@?#*]/.test(name)) return new URL(url).hostname;
		throw new CallerError(`OPENLEDGER_HOSTS names ${JSON.stringify(name)}; it must be host names with commas between`, {
			code: "config/bad-host",
			details: { name: "OPENLEDGER_HOSTS" },
		});
	});
}

/** models/ember at the root of the repository, as far from the sources as from the build. */
function shippedBase(): string {
	return fileURLToPath(new URL("../../../models/ember", import.meta.url));
}

/** Where `npm run build:web` puts it. */
function builtWeb(): string {
	return fileURLToPath(new URL("../../../apps/web/dist", import.meta.url));
}

/** The user's own cache: compiled code is the machine's, not the home's, which may be carried elsewhere. */
function nativeFolder(choice = "", cache = ""): string | undefined {
	if (choice !== "" && choice !== "auto" && choice !== "off") {
		throw new CallerError(`OPENLEDGER_NATIVE is ${JSON.stringify(choice)}; it must be auto or off`, {
			code: "config/bad-choice",
			details: { name: "OPENLEDGER_NATIVE" },
		});
	}
	if (choice === "off") return undefined;
	return join(isAbsolute(cache) ? cache : join(homedir(), ".cache"), "openledger", "native");
}

function receiptsFrom(choice = ""): "inline" | "deferred" {
	if (choice === "" || choice === "inline") return "inline";
	if (choice === "deferred") return "deferred";
	throw new CallerError(`OPENLEDGER_RECEIPTS is ${JSON.stringify(choice)}; it must be inline or deferred`, {
		code: "config/bad-choice",
		details: { name: "OPENLEDGER_RECEIPTS" },
	});
}

function urlFrom(name: string, text = ""): string | undefined {
	if (text === "") return undefined;
	if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
	throw new CallerError(`${name} is ${JSON.stringify(text)}; it must be a URL that begins with http:// or https://`, {
		code: "config/bad-url",
		details: { name },
	});
}

function numberFrom(name: string, text: string | undefined, from: number, to: number): number | undefined {
	if (text === undefined || text === "") return undefined;
	const value = Number(text);
	if (/^\d+$/.test(text) && value >= from && value <= to) return value;
	throw new CallerError(`${name} is ${JSON.stringify(text)}; it must be a whole number from ${from} to ${to}`, {
		code: "config/bad-number",
		details: { name },
	});
}
