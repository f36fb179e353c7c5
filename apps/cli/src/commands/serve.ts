// `openledger serve`: a base and a folder of adapters behind the OpenAI API, free of charge; stays until Ctrl-C. No node, no chain.

import { join, resolve } from "node:path";
import { Option } from "commander";
import { type Cli, collect, homeOption, localCommand, toJson } from "../defineCommand.js";
import { usage } from "../errors.js";
import { counted } from "../output/amounts.js";
import { facts } from "../output/table.js";
import type { Terminal } from "../output/terminal.js";
import { untilSignal } from "../untilSignal.js";
import { whole } from "./samplingOptions.js";

type Options = {
	readonly base?: string;
	readonly adapters?: string;
	readonly host: string;
	readonly port: number;
	readonly backend: "canonical" | "vllm";
	readonly cacheMb: number;
	readonly kvMb?: number;
	readonly batch: number;
	readonly waiting: number;
	readonly threads?: number;
	readonly keys?: string;
	readonly adminKeyFile?: string;
	readonly vllmUrl?: string;
	readonly vllmKeyFile?: string;
	readonly resolverDir?: string;
	readonly resolverDirThere?: string;
	readonly cors?: readonly string[];
	readonly jsonLogs?: boolean;
	readonly drainSeconds: number;
};

const PASSED_OVER_SHOWN = 5;
const SLOW_MS = 2000;

export function serveCommand(cli: Cli) {
	const spec = {
		name: "serve",
		describe: "serve a base and a folder of adapters behind the OpenAI API, without chain or payment, until Ctrl-C",
		options: [
			new Option("--base <dir>", "base in Hugging Face form (default: the node's base); with vllm: its model's name"),
			new Option("--adapters <dir>", "folder of adapters in PEFT form; more may be loaded from beneath it"),
			new Option(
				"--host <address>",
				"address to listen on; others than this machine's own can be reached from elsewhere",
			).default("127.0.0.1"),
			new Option("--port <n>", "port, 0 for a free one").argParser(whole(0, 65_535)).default(8000),
			new Option("--cache-mb <n>", "memory for adapters").argParser(whole(1, 3500)).default(256),
			new Option(
				"--kv-mb <n>",
				"memory for keys and values (default: for twice --batch whole contexts, at most 268)",
			).argParser(whole(1, 3500)),
			new Option("--batch <n>", "answers made side by side").argParser(whole(1, 256)).default(16),
			new Option("--waiting <n>", "requests that may wait; more get 429").argParser(whole(1, 100_000)).default(1024),
			new Option("--threads <n>", "threads that share the work (default: $OPENLEDGER_THREADS)").argParser(whole(1, 64)),
			new Option("--keys <file>", "API keys by their hashes; without it nobody needs one"),
			new Option(
				"--admin-key-file <file>",
				"key of the adapter endpoints, made if missing (default: serve/admin-key in the home)",
			),
			new Option("--cors <origin>", "web page that may ask from a browser; may be given several times").argParser(
				collect,
			),
			new Option("--backend <name>", "what computes").choices(["canonical", "vllm"]).default("canonical"),
			new Option("--vllm-url <url>", "with vllm: where it is, without /v1"),
			new Option("--vllm-key-file <file>", "with vllm: file with its API key, if it wants one"),
			new Option(
				"--resolver-dir <dir>",
				"with vllm: folder that it takes adapters from (default: serve/resolver in the home)",
			),
			new Option("--resolver-dir-there <dir>", "with vllm: the same folder as vLLM sees it, if that differs"),
			new Option("--json-logs", "log every request as a line of JSON on stderr, without its text"),
			new Option("--drain-seconds <n>", "how long requests under way may take to finish at the end")
				.argParser(whole(0, 3600))
				.default(30),
			homeOption(),
		],
		examples: [
			"serve --adapters ./adapters",
			"serve --base models/ember --adapters ./adapters --port 9000 --cache-mb 64 --keys keys.json --json-logs",
			"serve --backend vllm --vllm-url http://127.0.0.1:8001 --adapters ./adapters --resolver-dir /srv/loras",
		],
	};
	return localCommand<Options>(cli, spec, async ({ config, options, terminal, isJson }) => {
		const node = await import("@openledger/node");
		const folder = join(config.home, "serve");
		const { dim } = terminal.noteStyle;
		const log = (line: string) => terminal.note(dim(line));
		const signal = untilSignal();
		const begun = performance.now();
		terminal.live(dim("opening …"));
		const opening = node.serveAdapters({
			backend: backendOf(options, node, folder),
			...(options.adapters !== undefined && { adapters: resolve(options.adapters) }),
			...{ host: options.host, port: options.port, home: folder, log, hosts: node.readConfig().serving?.hosts },
			...(options.keys !== undefined && { keysFile: resolve(options.keys) }),
			adminKeyFile: resolve(options.adminKeyFile ?? join(folder, "admin-key")),
			...(options.cors !== undefined && { cors: options.cors }),
			logger: options.jsonLogs ? node.jsonLogger() : node.lineLogger(log),
			onScan: (looked) => {
				if (performance.now() - begun > SLOW_MS) terminal.live(dim(`looked at ${counted(looked, "folder")} …`));
			},
		});
		const first = await Promise.race([opening, signal.received]);
		if (first === undefined) {
			// Asked to end before it was up.
			await (await opening).close({ withinMs: 0 });
			signal.stop();
			return undefined;
		}
		terminal.live(undefined);
		say(terminal, { isJson, options, seconds: (performance.now() - begun) / 1000 }, first);
		await signal.received;
		terminal.note(dim(`\nfinishing what runs, for at most ${options.drainSeconds} s; Ctrl-C again ends at once …`));
		await first.close({ withinMs: options.drainSeconds * 1000 });
		signal.stop();
		terminal.note(dim("closed"));
		return undefined;
	});
}

type Node = typeof import("@openledger/node");
type Serving = Awaited<ReturnType<Node["serveAdapters"]>>;
type Wanted = Parameters<Node["serveAdapters"]>[0]["backend"];

function backendOf(options: Options, node: Node, folder: string): Wanted {
	const { backend, base, vllmUrl, vllmKeyFile, resolverDir, resolverDirThere } = options;
	if (backend === "canonical") {
		const other = [vllmUrl, vllmKeyFile, resolverDir, resolverDirThere].some((flag) => flag !== undefined);
		if (other) throw usage("--vllm-url, --vllm-key-file and --resolver-dir are for --backend vllm");
		const config = node.readConfig();
		const { cacheMb, kvMb, batch, waiting, threads = config.threads ?? 1 } = options;
		const { nativeFolder } = config;
		const sizes = { cacheMb, batch, waiting, threads, ...(kvMb !== undefined && { kvMb }) };
		return { kind: "canonical", base: base === undefined ? config.baseFolder : resolve(base), ...sizes, nativeFolder };
	}
	if (vllmUrl === undefined || !URL.canParse(vllmUrl))
		throw usage("--backend vllm needs --vllm-url, such as http://127.0.0.1:8001");
	const apiKey = vllmKeyFile === undefined ? undefined : node.readAdminKey(resolve(vllmKeyFile));
	if (vllmKeyFile !== undefined && apiKey === undefined)
		throw usage(`${vllmKeyFile} is not there; it must hold vLLM's key`);
	return {
		kind: "vllm",
		url: vllmUrl,
		resolverFolder: resolve(resolverDir ?? join(folder, "resolver")),
		...(resolverDirThere !== undefined && { resolverFolderThere: resolverDirThere }),
		...(base !== undefined && { base }),
		...(apiKey !== undefined && { apiKey }),
	};
}

function say(
	terminal: Terminal,
	{ isJson, options, seconds }: { readonly isJson: boolean; readonly options: Options; readonly seconds: number },
	{ url, base, scan, proves, computes }: Serving,
): void {
	const { adapters, passedOver } = scan;
	if (isJson) {
		terminal.result(toJson({ url, base, adapters: adapters.length, passedOver, proves, computes }));
		return;
	}
	const { bold, cyan, yellow, dim } = terminal.style;
	for (const { folder, why } of passedOver.slice(0, PASSED_OVER_SHOWN))
		terminal.note(`${terminal.noteStyle.yellow("passed over")} ${folder}: ${why}`);
	const more = passedOver.length - PASSED_OVER_SHOWN;
	if (more > 0) terminal.note(terminal.noteStyle.yellow(`and ${more} more; --json names them all`));
	const found =
		options.adapters === undefined ? dim("none; give a folder with --adapters") : adaptersText(adapters.length);
	const proof = proves === "bit-exact" ? "the same bits on every machine" : "nothing: nobody can repeat its answers";
	terminal.result(
		`\nServing ${bold(base)} and ${counted(adapters.length, "adapter")}, up in ${seconds.toFixed(1)} s. Ctrl-C ends it.\n\n${facts(
			terminal,
			[
				["API", bold(`${url}/v1`)],
				["Adapters", found],
				["Computes", computes],
				["Proves", proof],
				["Keys", options.keys === undefined ? anybody(options.host, yellow) : "needed"],
				["Metrics", `${url}/metrics`],
			],
		)}\n\nWorth trying in another terminal:`,
	);
	const model = adapters[0]?.id ?? base;
	const body = JSON.stringify({ model, messages: [{ role: "user", content: "What is the capital of Peru?" }] });
	for (const line of ["npx openledger adapters list", `curl ${url}/v1/chat/completions -d '${body}'`])
		terminal.result(`  ${cyan(line)}`);
}

const adaptersText = (count: number): string =>
	count === 0
		? "none in that folder yet; put some there and load them with: openledger adapters load NAME FOLDER"
		: counted(count, "adapter");

function anybody(host: string, warn: (text: string) => string): string {
	const isOwn = ["127.0.0.1", "::1", "localhost"].includes(host);
	return isOwn ? "none needed on this machine" : warn(`none needed: whoever reaches ${host} may ask; give --keys`);
}
