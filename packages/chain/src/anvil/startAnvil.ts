// Runs a local EVM chain as a child process. Its state file is a cache: what counts is the journal of transactions,
// so a state that is late or broken is put aside and the chain begins anew (see journal/recoverChain.ts).
// It must not know of contracts.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { CallerError, TransientError } from "@openledger/protocol";
import { findAnvil } from "./findAnvil.js";
import { ensureGenesis, type Genesis } from "./genesis.js";
import { endOrphan, removePidFile, writePidFile } from "./pidFile.js";

export type StartAnvilOptions = {
	/** Folder of this chain; made if missing. One process at a time. */
	readonly home: string;
	readonly chainId: number;
	/** Port on 127.0.0.1; by default a free one. */
	readonly port?: number;
	/**
	 * Seconds between writes of the state file. Anvil writes all of it each time, changed or not (a whole core at 10,000
	 * transactions and one second), and the journal replays what a late file lacks.
	 */
	readonly stateIntervalSeconds?: number;
	readonly log?: (message: string) => void;
};

export type Anvil = {
	readonly url: string;
	readonly chainId: number;
	readonly pid: number;
	/** True if it began at genesis, with or without a journal to replay. */
	readonly fresh: boolean;
	/** Resolves when the process ends, whoever ended it. */
	readonly exited: Promise<void>;
	/** Ends it and waits until its state is written. May be called twice. */
	stop(): Promise<void>;
};

const READY_MS = 20_000;
const STOP_MS = 10_000;
/** Native coins of the faucet at genesis, in whole coins. */
const FAUCET_COINS = "1000000000";

/** Starts anvil on a folder; replay the folder's journal with `recoverChain` before use. */
export async function startAnvil(options: StartAnvilOptions): Promise<Anvil> {
	const { chainId, log = () => {}, stateIntervalSeconds = 15 } = options;
	if (!Number.isSafeInteger(chainId) || chainId < 1) {
		throw new CallerError(`chain id ${chainId} is not a positive integer; 612055 is the local default`, {
			code: "anvil/bad-chain-id",
		});
	}
	const home = resolve(options.home);
	mkdirSync(home, { recursive: true });
	const stateFile = join(home, "anvil-state.json");
	const pidFile = join(home, "anvil.pid");
	if (await endOrphan(pidFile, stateFile)) log("ended the chain process a killed node had left behind");
	const genesis = ensureGenesis(home, chainId);

	const launch = (fresh: boolean, port: number) =>
		spawnAnvil({ fresh, port, genesis, stateFile, pidFile, stateIntervalSeconds });
	if (existsSync(stateFile)) {
		try {
			return await launch(false, await freePort(options.port));
		} catch (error) {
			// The state may be torn. If that is not the reason, the fresh start fails as well and says why.
			log(`chain state unusable, beginning anew from the journal (${describe(error)})`);
			renameSync(stateFile, `${stateFile}.unusable`);
		}
	}
	return await launch(true, await freePort(options.port));
}

type Launch = {
	readonly fresh: boolean;
	readonly port: number;
	readonly genesis: Genesis;
	readonly stateFile: string;
	readonly pidFile: string;
	readonly stateIntervalSeconds: number;
};

async function spawnAnvil(launch: Launch): Promise<Anvil> {
	const { fresh, port, genesis, stateFile, pidFile } = launch;
	const args = ["--quiet", "--host", "127.0.0.1", "--port", String(port), "--no-cors"];
	args.push("--chain-id", String(genesis.chainId), "--order", "fifo", "--accounts", "1", "--balance", FAUCET_COINS);
	args.push("--state", stateFile, "--state-interval", String(launch.stateIntervalSeconds));
	if (fresh) args.push("--timestamp", String(genesis.timestamp));

	// Detached: Ctrl-C in a terminal goes to the node alone, which then stops the chain in its own order.
	const child = spawn(findAnvil(), args, { stdio: ["ignore", "ignore", "pipe"], detached: true });
	let complaint = "";
	child.stderr?.setEncoding("utf8").on("data", (text: string) => {
		complaint = (complaint + text).slice(-2000);
	});
	const exited = new Promise<void>((done) => {
		child.once("exit", () => done());
		child.once("error", (error) => {
			complaint = error.message;
			done();
		});
	});
	if (child.pid !== undefined) writePidFile(pidFile, { pid: child.pid, owner: process.pid, stateFile });

	const url = `http://127.0.0.1:${port}`;
	const ready = await waitUntilReady(url, () => child.exitCode === null && child.signalCode === null);
	if (!ready) {
		await end(child, exited);
		removePidFile(pidFile);
		throw new TransientError(`anvil did not start on port ${port}: ${complaint.trim() || "no reason given"}`, {
			code: "anvil/not-started",
			details: { port },
		});
	}
	const stop = async () => {
		await end(child, exited);
		removePidFile(pidFile);
	};
	return { url, chainId: genesis.chainId, pid: child.pid!, fresh, exited, stop };
}

async function end(child: ChildProcess, exited: Promise<void>): Promise<void> {
	if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
	const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
	await exited;
	clearTimeout(late);
}

async function waitUntilReady(url: string, alive: () => boolean): Promise<boolean> {
	const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
	for (let waited = 0; waited < READY_MS && alive(); waited += 10) {
		try {
			const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
			if (answer.ok) return alive();
		} catch {
			await new Promise((done) => setTimeout(done, 10));
		}
	}
	return false;
}

/** The port asked for, or any; asked of the system first, so that no stranger's answer passes for our anvil's. */
function freePort(asked = 0): Promise<number> {
	return new Promise((found, failed) => {
		const server = createServer();
		server.once("error", (cause) =>
			failed(
				new CallerError(`port ${asked} on 127.0.0.1 is taken; name another or leave it out`, {
					code: "anvil/port-taken",
					cause,
				}),
			),
		);
		server.listen(asked, "127.0.0.1", () => {
			const address = server.address();
			const port = typeof address === "object" && address !== null ? address.port : 0;
			server.close(() => found(port));
		});
	});
}

function describe(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
