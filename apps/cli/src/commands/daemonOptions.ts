// What trainer and verifier share: where the chain and its contracts are, which account works, where it keeps its state. Stays until Ctrl-C.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Option } from "commander";
import type { LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { openApi } from "../client/api.js";
import { findRunning } from "../client/withNode.js";
import { type Cli, type Given, homeOption, localCommand, toJson, urlOption } from "../defineCommand.js";
import { unusable, usage } from "../errors.js";
import { facts } from "../output/table.js";
import { untilSignal } from "../untilSignal.js";
import { readPassword } from "../wallet/password.js";
import { openWallet, readPrivateKey, walletPath } from "../wallet/walletFile.js";
import { whole } from "./samplingOptions.js";
import { passwordOption, type WalletOptions, walletOption, withWallet } from "./walletOptions.js";

export type DaemonOptions = WalletOptions & {
	readonly rpc?: string;
	readonly contracts?: string;
	readonly data?: string;
	readonly base?: string;
	readonly keyFile?: string;
	readonly state?: string;
	readonly threads?: number;
	readonly pollMs: number;
};

type Spec<Options> = {
	readonly role: "trainer" | "verifier";
	readonly describe: string;
	readonly options: readonly Option[];
	readonly examples: readonly string[];
	/** Works until the place's signal fires. */
	readonly run: (place: Place, options: Options) => Promise<void>;
};
type Node = typeof import("@openledger/node");
export type Place = Awaited<ReturnType<Node["openWorkplace"]>> & { readonly node: Node };
type Whereabouts = Pick<Parameters<Node["openWorkplace"]>[0], "rpcUrl" | "chainId" | "addresses" | "data">;

export function daemonCommand<Options>(cli: Cli, spec: Spec<Options & DaemonOptions>) {
	const options = [
		...spec.options,
		new Option("--rpc <url>", "chain to work on, without a node; with --contracts and --data"),
		new Option("--contracts <file>", "JSON with chainId and addresses, as GET /api/status of a node gives it"),
		new Option("--data <where>", "data layer: its address, or a folder that all share (default: the node's)"),
		new Option("--base <dir>", "base model in Hugging Face form (default: $OPENLEDGER_BASE or the shipped one)"),
		new Option("--key-file <file>", "file with the account's private key, 64 hex digits, instead of a wallet"),
		...[walletOption(), passwordOption()],
		new Option("--state <dir>", `folder of this ${spec.role} (default: ${spec.role} in the home)`),
		new Option("--threads <n>", "threads that share the work (default: $OPENLEDGER_THREADS)").argParser(whole(1, 64)),
		new Option("--poll-ms <n>", "pause between looks at the chain").argParser(whole(20, 600_000)).default(2000),
		...[homeOption(), urlOption()],
	];
	const { role, describe, examples } = spec;
	return localCommand<Options & DaemonOptions>(cli, { name: role, describe, options, examples }, (given) =>
		work(spec, given),
	);
}

async function work<Options>(
	spec: Spec<Options & DaemonOptions>,
	given: Given<Options & DaemonOptions>,
): Promise<undefined> {
	const { config, options, terminal, isJson } = given;
	const node = await import("@openledger/node");
	const where = await findChain(given);
	const account = await openAccount(given);
	const home = resolve(options.state ?? join(config.home, spec.role));
	const { base, threads, pollMs } = options;
	const engine = node.readConfig({
		...(base !== undefined && { baseFolder: base }),
		...(threads !== undefined && { threads }),
	});
	const signal = untilSignal();
	const stop = new AbortController();
	void signal.received.then(() => stop.abort());
	const { dim } = terminal.noteStyle;
	const place = await node.openWorkplace({
		...{ ...where, home, account, signal: stop.signal, baseFolder: engine.baseFolder },
		...(engine.threads !== undefined && { threads: engine.threads }),
		nativeFolder: engine.nativeFolder,
		log: (line) => terminal.note(line),
	});
	try {
		const said = { role: spec.role, address: account.address, state: home, rpcUrl: where.rpcUrl, data: where.data };
		const text = facts(terminal, [
			[`${spec.role[0]!.toUpperCase()}${spec.role.slice(1)}`, account.address],
			["State", home],
			["Chain", `${where.rpcUrl} (${where.chainId})`],
			["Looks", `every ${pollMs} ms until Ctrl-C`],
		]);
		terminal.result(isJson ? toJson(said) : text);
		await spec.run({ ...place, node }, options);
		terminal.note(dim("closed"));
	} finally {
		signal.stop();
		await place.close();
	}
	return undefined;
}

async function openAccount<Options>({ config, options }: Given<Options & DaemonOptions>): Promise<LocalAccount> {
	if (options.keyFile !== undefined) return privateKeyToAccount(readPrivateKey(resolve(options.keyFile)));
	const from = withWallet(config, options);
	return openWallet(walletPath(from), await readPassword(from));
}

async function findChain<Options>({ config, options }: Given<Options & DaemonOptions>): Promise<Whereabouts> {
	const { rpc, contracts, data } = options;
	if (rpc !== undefined) {
		if (contracts === undefined || data === undefined) throw usage("--rpc needs --contracts and --data beside it");
		return { rpcUrl: rpc, data: isUrl(data) ? data : resolve(data), ...readContracts(resolve(contracts)) };
	}
	const url = config.url ?? (await findRunning(config.home));
	if (url === undefined)
		throw usage(`no node is running in ${config.home}; start one with: openledger up, or name a chain with --rpc`);
	const api = openApi({ url: url.replace(/\/+$/, ""), home: config.home, token: () => config.token });
	const { rpcUrl, chainId, addresses } = await api.get<Omit<Whereabouts, "data">>("/status");
	const layer = data === undefined ? `${api.url}/da` : isUrl(data) ? data : resolve(data);
	return { rpcUrl, chainId, addresses, data: layer };
}

const isUrl = (text: string) => /^https?:\/\//.test(text);

function readContracts(file: string): Pick<Whereabouts, "chainId" | "addresses"> {
	let value: Partial<Record<"chainId" | "addresses", unknown>>;
	try {
		value = JSON.parse(readFileSync(file, "utf8")) as typeof value;
	} catch (cause) {
		throw unusable(file, cause);
	}
	const { chainId, addresses } = value;
	const isAddress = (x: unknown) => typeof x === "string" && /^0x[0-9a-fA-F]{40}$/.test(x);
	const wanted = ["openToken", "stakePool", "jury", "trainingJobs", "disputes"];
	const given = (addresses ?? {}) as Record<string, unknown>;
	const missing = wanted.filter((name) => !isAddress(given[name]));
	if (!Number.isSafeInteger(chainId) || missing.length > 0)
		throw usage(`${file} must hold {"chainId": …, "addresses": {…}}; it lacks ${missing.join(", ") || "chainId"}`);
	return { chainId: chainId as number, addresses: given as Whereabouts["addresses"] };
}
