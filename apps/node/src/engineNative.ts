// What this machine has of the native twin, for `openledger engine native`; builds it when asked to.

import { availableParallelism } from "node:os";
import { buildNative, findCompiler, loadNative } from "@openledger/native";
import { readConfig } from "./config.js";

export type EngineNativeOptions = {
	/** Builds now, if it is not there. */
	readonly build?: boolean;
	readonly onProgress?: (done: number, total: number) => void;
	/** Default: the configuration's. */
	readonly folder?: string;
};

export type EngineNative = {
	/** Whether a node that starts now computes with native kernels. */
	readonly isUsed: boolean;
	/** Why not, and what would help; undefined if they are used. */
	readonly reason: string | undefined;
	readonly code: string | undefined;
	readonly folder: string | undefined;
	/** What the compiler says of itself, or why there is none. */
	readonly compiler: string;
	readonly file: string | undefined;
	readonly set: string | undefined;
	/** f32 numbers in one of its vectors. */
	readonly lanes: number | undefined;
	readonly kernels: readonly string[];
	/** How long comparing every kernel with WebAssembly took; undefined if it did not come to that. */
	readonly checkMilliseconds: number | undefined;
	/** Seconds of the build, if there was one. */
	readonly buildSeconds: number | undefined;
	/** Threads of a node's engine, and of the machine. */
	readonly threads: number;
	readonly cores: number;
};

export async function engineNative(options: EngineNativeOptions = {}): Promise<EngineNative> {
	const config = readConfig();
	const folder = options.folder ?? config.nativeFolder;
	const compiler = await findCompiler();
	const about = {
		folder,
		compiler: compiler.ok ? `${compiler.command}: ${compiler.version}` : compiler.reason,
		threads: config.threads ?? 1,
		cores: availableParallelism(),
	};
	const none = { set: undefined, lanes: undefined, kernels: [], checkMilliseconds: undefined, file: undefined };
	if (folder === undefined) {
		const reason = "OPENLEDGER_NATIVE is off; set it to auto, or leave it out";
		return { isUsed: false, code: "off", reason, ...about, ...none, buildSeconds: undefined };
	}
	const { onProgress } = options;
	const built = options.build ? await buildNative({ folder, ...(onProgress && { onProgress }) }) : undefined;
	const buildSeconds = built?.ok && built.isNew ? built.seconds : undefined;
	const loaded = built !== undefined && !built.ok ? built : loadNative({ folder });
	if (!loaded.ok) {
		// Nothing built and nothing to build it with: the second is what can be helped.
		const { code, reason } = loaded.code === "not-built" && !compiler.ok ? compiler : loaded;
		return { isUsed: false, code, reason, ...about, ...none, buildSeconds };
	}
	const { file, set, lanes, kernels, checkMilliseconds } = loaded;
	return {
		isUsed: true,
		code: undefined,
		reason: undefined,
		...about,
		...{ file, set, lanes, kernels, checkMilliseconds, buildSeconds },
	};
}
