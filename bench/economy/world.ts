// The real contracts on an anvil of their own, with production's constants, and time that passes when asked. Every account is unlocked and gas
// costs nothing: what is measured is OPEN. It must not know what the agents want.
import { spawn } from "node:child_process";
import {
	type Abi,
	type Address,
	createPublicClient,
	decodeErrorResult,
	decodeFunctionResult,
	encodeFunctionData,
	getAddress,
	type Hex,
	http,
	keccak256,
	parseEventLogs,
	toHex,
} from "viem";
import {
	type ContractName,
	connect,
	contractAbis,
	deployContracts,
	findAnvil,
	localFaucet,
	productionSettings,
} from "../../packages/chain/src/index.js";

export const OPEN = 10n ** 18n;
export const DAY = 86_400;
const CHAIN_ID = 612_055;
const GENESIS = 1_800_000_000;
const errors: Abi = Object.values(contractAbis)
	.flat()
	.filter((entry) => entry.type === "error");

export type Sent = { event<Args>(contract: ContractName, name: string): Args };

export type NumberCall = readonly [contract: ContractName, functionName: string, args: readonly unknown[]];

export type World = {
	readonly addresses: Readonly<Record<ContractName, Address>>;
	/** Calls a function in a transaction; throws with the contract's own error. */
	send(from: Address, contract: ContractName, functionName: string, args: readonly unknown[]): Promise<Sent>;
	read<T>(contract: ContractName, functionName: string, args?: readonly unknown[]): Promise<T>;
	/** Many numbers at once. */
	readMany(calls: readonly NumberCall[]): Promise<bigint[]>;
	/** Lets so many seconds pass, in one block. */
	pass(seconds: number): Promise<void>;
	mine(blocks: number): Promise<void>;
	dump(): Promise<Hex>;
	/** Goes on from a dump, at its time. */
	load(state: Hex, seconds: number): Promise<void>;
	/** The last block's time. */
	now(): Promise<number>;
	transactions(): number;
	close(): Promise<void>;
};

export function accountOf(name: string): Address {
	return getAddress(`0x${keccak256(toHex(`economy/${name}`)).slice(26)}`);
}

export async function openWorld(port: number): Promise<World> {
	const args = [
		"--quiet",
		"--port",
		String(port),
		"--chain-id",
		String(CHAIN_ID),
		"--accounts",
		"1",
		"--base-fee",
		"0",
	];
	args.push(
		"--no-request-size-limit",
		"--gas-price",
		"0",
		"--order",
		"fifo",
		"--timestamp",
		String(GENESIS),
		"--prune-history",
		"600",
	);
	const child = spawn(findAnvil(), args, { stdio: "ignore" });
	const end = () => void child.kill("SIGTERM");
	const interrupted = () => process.exit(130);
	// A bench that is ended takes its chain with it.
	process.once("exit", end).once("SIGINT", interrupted).once("SIGTERM", interrupted);
	const url = `http://127.0.0.1:${port}`;
	let id = 0;
	const rpc = async <T>(method: string, params: readonly unknown[] = []): Promise<T> => {
		const response = await fetch(url, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params }),
		});
		const { result, error } = (await response.json()) as { result: T; error?: { message: string; data?: Hex } };
		if (error !== undefined) throw Object.assign(new Error(`${method}: ${error.message}`), { data: error.data });
		return result;
	};
	for (let tries = 0; ; tries++) {
		try {
			await rpc("eth_chainId");
			break;
		} catch (error) {
			if (tries > 200) throw error;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}
	// One second a block, and no other clock: the same acts come to the same times on any machine.
	await rpc("anvil_setBlockTimestampInterval", [1]);
	await rpc("anvil_autoImpersonateAccount", [true]);
	const client = await connect({ url, chainId: CHAIN_ID });
	const roles = { ...productionSettings, treasury: accountOf("treasury"), settler: accountOf("settler") };
	const addresses = await deployContracts(client, localFaucet(), roles);
	const reader = createPublicClient({ transport: http(url) });
	let sent = 0;
	/** It mines at once, but not before it answers. */
	const receiptOf = async (hash: Hex) => {
		for (let tries = 0; ; tries++) {
			const receipt = await rpc<{ status: Hex; logs: never[] } | null>("eth_getTransactionReceipt", [hash]);
			if (receipt !== null) return receipt;
			if (tries > 1000) throw new Error(`transaction ${hash} is not mined`);
			await new Promise((resolve) => setTimeout(resolve, 2));
		}
	};
	const world: World = {
		addresses,
		async send(from, contract, functionName, given) {
			const abi = contractAbis[contract];
			const to = addresses[contract];
			const data = encodeFunctionData({ abi, functionName, args: given });
			const call = { from, to, data, gas: "0x989680", gasPrice: "0x0" };
			const hash = await rpc<Hex>("eth_sendTransaction", [call]);
			sent++;
			const receipt = await receiptOf(hash);
			if (receipt.status !== "0x1") {
				const why = await rpc("eth_call", [call, "latest"]).then(
					() => "no reason",
					(error: { data?: Hex; message: string }) => reasonOf(error),
				);
				throw new Error(`${contract}.${functionName} refused: ${why}`);
			}
			return {
				event<Args>(from: ContractName, name: string) {
					const [found] = parseEventLogs({ abi: contractAbis[from], eventName: name, logs: receipt.logs });
					if (found === undefined) throw new Error(`${contract}.${functionName} said no ${name}`);
					return (found as unknown as { args: Args }).args;
				},
			};
		},
		async read<T>(contract: ContractName, functionName: string, given: readonly unknown[] = []) {
			const abi = contractAbis[contract];
			const data = encodeFunctionData({ abi, functionName, args: given });
			const returned = await rpc<Hex>("eth_call", [{ to: addresses[contract], data }, "latest"]);
			return decodeFunctionResult({ abi, functionName, data: returned }) as T;
		},
		async readMany(calls) {
			const asked = calls.map(([contract, functionName, given], n) => {
				const data = encodeFunctionData({ abi: contractAbis[contract], functionName, args: given });
				return { jsonrpc: "2.0", id: n, method: "eth_call", params: [{ to: addresses[contract], data }, "latest"] };
			});
			const headers = { "content-type": "application/json" };
			const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(asked) });
			const answers = (await response.json()) as { id: number; result: Hex }[];
			const values = new Map(answers.map(({ id, result }) => [id, BigInt(result)]));
			return calls.map((_, n) => values.get(n)!);
		},
		async pass(seconds) {
			const { timestamp } = await reader.getBlock();
			await rpc("evm_setNextBlockTimestamp", [Number(timestamp) + seconds]);
			await rpc("evm_mine");
		},
		mine: async (blocks) => void (await rpc("anvil_mine", [toHex(blocks), "0x1"])),
		dump: () => rpc<Hex>("anvil_dumpState"),
		async load(state, seconds) {
			await rpc("anvil_loadState", [state]);
			await rpc("evm_setNextBlockTimestamp", [seconds + 1]);
			await rpc("evm_mine");
		},
		now: async () => Number((await reader.getBlock()).timestamp),
		transactions: () => sent,
		async close() {
			const ended = new Promise((resolve) => child.once("exit", resolve));
			end();
			await ended;
			process.off("exit", end).off("SIGINT", interrupted).off("SIGTERM", interrupted);
		},
	};
	return world;
}

function reasonOf(error: { data?: Hex; message: string }): string {
	try {
		const { errorName, args = [] } = decodeErrorResult({ abi: errors, data: error.data! });
		return `${errorName}(${args.map(String).join(", ")})`;
	} catch {
		return error.message;
	}
}
