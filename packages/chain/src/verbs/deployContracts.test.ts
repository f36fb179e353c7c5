// Deployment on a real chain, killed between any two of its transactions and begun again.
import type { LocalAccount } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { localFaucet } from "../anvil/genesis.js";
import { type ChainClient, connect } from "../client/connect.js";
import { readContract } from "../client/readContract.js";
import { contractAddresses } from "../contractAddresses.js";
import { juryAbi, openTimelockAbi, parametersAbi, stakePoolAbi } from "../generated/index.js";
import { type LocalChain, openLocalChain } from "../openLocalChain.js";
import { localSettings, PARAMETER_KEYS, parameterKey } from "../parameters.js";
import { people, TEST_CHAIN_ID, temporaryHome } from "../testing/testLedger.js";
import { deployContracts } from "./deployContracts.js";

const place = temporaryHome();
const roles = { ...localSettings, treasury: people.treasury.address, settler: people.settler.address };
const faucet = localFaucet();
let chain: LocalChain;
let client: ChainClient;

beforeAll(async () => {
	chain = await openLocalChain({ home: place.home, chainId: TEST_CHAIN_ID });
	// Without the journal, which would put back what the test takes back.
	client = await connect({ url: chain.anvil.url, chainId: TEST_CHAIN_ID });
});
afterAll(async () => {
	await chain.stop();
	place.remove();
});

type Request = (args: { method: string; params?: unknown }) => Promise<unknown>;
const request: Request = (args) => (client.publicClient.request as Request)(args);
const sent = () => client.publicClient.getTransactionCount({ address: faucet.address });

/** An account whose process dies before it signs the `n`-th transaction from now. */
function dyingAt(n: number): LocalAccount {
	let left = n;
	const signTransaction = ((...args: Parameters<typeof faucet.signTransaction>) => {
		if (left-- <= 0) throw new Error("killed");
		return faucet.signTransaction(...args);
	}) as typeof faucet.signTransaction;
	return { ...faucet, signTransaction };
}

test("default: killed after every single transaction and begun again: nothing twice, nothing left out", async () => {
	const fresh = await request({ method: "evm_snapshot" });
	const addresses = await deployContracts(client, faucet, roles);
	const needed = await sent();
	expect(needed).toBeGreaterThan(10);
	await request({ method: "evm_revert", params: [fresh] });
	for (let n = 0; n < needed; n++) {
		expect(await sent()).toBe(n);
		if (n < needed - 1) await expect(deployContracts(client, dyingAt(1), roles)).rejects.toThrow("killed");
	}
	expect(await deployContracts(client, dyingAt(1), roles)).toEqual(addresses);
	expect(await sent()).toBe(needed);
	await expectDeployed(addresses);
	// Once more there is nothing to sign.
	expect(await deployContracts(client, dyingAt(0), roles)).toEqual(addresses);
});

test("behavior: other settings, other addresses", () => {
	const base = { ...roles, deployer: people.owner.address };
	const changed = {
		...base,
		parameters: { ...base.parameters, jurySize: { ...base.parameters.jurySize, value: 5n } },
	};
	const [one, two] = [contractAddresses(base), contractAddresses(changed)];
	expect(one.openToken).toBe(two.openToken);
	expect(one.parameters).not.toBe(two.parameters);
	expect(one.stakePool).not.toBe(two.stakePool);
});

async function expectDeployed(addresses: ReturnType<typeof contractAddresses>): Promise<void> {
	const ledger = { client, addresses };
	const { openTimelock, openGovernor, stakePool, jury, parameters } = addresses;
	const admin = `0x${"0".repeat(64)}` as const;
	const holds = (who: `0x${string}`) =>
		readContract(ledger, { address: openTimelock, abi: openTimelockAbi, functionName: "hasRole", args: [admin, who] });
	expect(await holds(faucet.address)).toBe(false);
	expect(await holds(openTimelock)).toBe(true);
	const proposer = await readContract(ledger, {
		...{ address: openTimelock, abi: openTimelockAbi, functionName: "PROPOSER_ROLE", args: [] },
	});
	expect(
		await readContract(ledger, {
			...{ address: openTimelock, abi: openTimelockAbi, functionName: "hasRole" },
			args: [proposer as `0x${string}`, openGovernor],
		}),
	).toBe(true);
	expect(
		await readContract(ledger, { address: stakePool, abi: stakePoolAbi, functionName: "isConsumer", args: [jury] }),
	).toBe(true);
	expect(await readContract(ledger, { address: jury, abi: juryAbi, functionName: "isInitialised", args: [] })).toBe(
		true,
	);
	const governed = await Promise.all(
		PARAMETER_KEYS.map((key) =>
			readContract(ledger, {
				...{ address: parameters, abi: parametersAbi, functionName: "get" },
				args: [parameterKey(key)],
			}),
		),
	);
	expect(governed).toEqual(PARAMETER_KEYS.map((key) => localSettings.parameters[key].value));
}
