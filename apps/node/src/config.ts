// The only reader of the environment: where the node lives, which chain, which base model. Everything else gets it handed.

import { availableParallelism, homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CallerError, type Hex, sha256, utf8 } from "@openledger/protocol";

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
	/** When receipts are made: with the answer, or right after it. */
	readonly receipts?: "inline" | "deferred";
	/** 32 bytes from which all keys and salts come; by default random, made once and kept in the home. */
	readonly seed?: Hex;
	/** Told what happens, one line at a time; never a secret. */
	readonly log?: (line: string) => void;
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
 * (auto or off) and OPENLEDGER_RECEIPTS (inline or deferred); overrides win.
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
		receipts: overrides.receipts ?? receiptsFrom(env.OPENLEDGER_RECEIPTS),
		nativeFolder: overrides.nativeFolder ?? nativeFolder(env.OPENLEDGER_NATIVE, env.XDG_CACHE_HOME),
	};
	return { ...overrides, ...config };
}

/** models/ember at the root of the repository, as far from the sources as from the build. */
function shippedBase(): string {
	return fileURLToPath(new URL("../../../models/ember", import.meta.url));
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

function numberFrom(name: string, text: string | undefined, from: number, to: number): number | undefined {
	if (text === undefined || text === "") return undefined;
	const value = Number(text);
	if (/^\d+$/.test(text) && value >= from && value <= to) return value;
	throw new CallerError(`${name} is ${JSON.stringify(text)}; it must be a whole number from ${from} to ${to}`, {
		code: "config/bad-number",
		details: { name },
	});
}
