// That the contracts of others stand where the world expects them, are what they are said to be, and come back after a
// crash. The witnesses: addresses written into @x402/evm and viem, code hashes known from public chains.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { getContractAddress, getCreate2Address, type Hex, keccak256, recoverTransactionAddress } from "viem";
import { mainnet } from "viem/chains";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localFaucet } from "../anvil/genesis.js";
import { CANONICAL_ADDRESSES, CREATE2_CONTRACTS, PRESIGNED_CONTRACTS } from "../canonical/canonicalContracts.js";
import { CREATE2_DEPLOYER } from "../contractAddresses.js";
import { type LocalChain, openLocalChain } from "../openLocalChain.js";
import { TEST_CHAIN_ID, temporaryHome } from "../testing/testLedger.js";
import { deployCanonical } from "./deployCanonical.js";

const place = temporaryHome();
let chain: LocalChain;
const open = async () => {
	chain = await openLocalChain({ home: place.home, chainId: TEST_CHAIN_ID });
};
beforeAll(open);
afterAll(async () => {
	await chain?.stop();
	place.remove();
});

describe("the data", () => {
	test("default: each address follows from its code", async () => {
		for (const { address, salt, initCode, initCodeKeccak256 } of CREATE2_CONTRACTS) {
			expect(keccak256(initCode)).toBe(initCodeKeccak256);
			expect(getCreate2Address({ from: CREATE2_DEPLOYER, salt, bytecode: initCode })).toBe(address);
		}
		for (const { address, sender, signedTransaction } of PRESIGNED_CONTRACTS) {
			const serializedTransaction = signedTransaction as `0x02${string}`;
			expect(await recoverTransactionAddress({ serializedTransaction })).toBe(sender);
			expect(getContractAddress({ from: sender, nonce: 0n })).toBe(address);
		}
	});

	test("default: viem and @x402/evm have these addresses written into their code", () => {
		expect(CANONICAL_ADDRESSES.multicall3.toLowerCase()).toBe(mainnet.contracts.multicall3.address);
		const resolve = createRequire(import.meta.url).resolve;
		const code = ["facilitator", "client"]
			.map((part) => readFileSync(resolve(`@x402/evm/batch-settlement/${part}`), "utf8"))
			.join();
		for (const address of Object.values(CANONICAL_ADDRESSES)) expect(code).toContain(address);
	});
});

describe("deployCanonical", () => {
	test("default: deploys all, and the second time nothing", async () => {
		expect(await deployCanonical(chain.client, localFaucet())).toBe(CANONICAL_ADDRESSES);
		const block = await chain.client.publicClient.getBlockNumber();
		for (const address of Object.values(CANONICAL_ADDRESSES)) {
			expect((await chain.client.publicClient.getCode({ address }))?.length).toBeGreaterThan(100);
		}
		await deployCanonical(chain.client, localFaucet());
		expect(await chain.client.publicClient.getBlockNumber()).toBe(block);
	});

	test("behavior: a killed chain has the same code again, from the journal alone", async () => {
		const codes = async () =>
			Promise.all(
				Object.values(CANONICAL_ADDRESSES).map(async (address) =>
					keccak256((await chain.client.publicClient.getCode({ address })) as Hex),
				),
			);
		const before = await codes();
		process.kill(chain.anvil.pid, "SIGKILL");
		await chain.anvil.exited;
		chain.journal.close();
		await open();
		expect(chain.recovery.replayed).toBeGreaterThanOrEqual(Object.keys(CANONICAL_ADDRESSES).length);
		expect(await codes()).toEqual(before);
	});

	test("behavior: viem's own multicall works over it", async () => {
		const { publicClient } = chain.client;
		const read = {
			address: CANONICAL_ADDRESSES.multicall3,
			abi: [
				{ type: "function", name: "getChainId", inputs: [], outputs: [{ type: "uint256" }], stateMutability: "view" },
			],
			functionName: "getChainId",
		} as const;
		const found = await publicClient.multicall({
			contracts: [read, read],
			allowFailure: false,
			multicallAddress: CANONICAL_ADDRESSES.multicall3,
		});
		expect(found).toEqual([BigInt(TEST_CHAIN_ID), BigInt(TEST_CHAIN_ID)]);
	});

	test("behavior: refuses a chain where another's code stands at such an address", async () => {
		const elsewhere = temporaryHome();
		const other = await openLocalChain({ home: elsewhere.home, chainId: TEST_CHAIN_ID });
		try {
			const request = other.client.publicClient.request as (args: object) => Promise<unknown>;
			await request({ method: "anvil_setCode", params: [CANONICAL_ADDRESSES.multicall3, "0x00"] });
			await expect(deployCanonical(other.client, localFaucet())).rejects.toMatchObject({ code: "chain/other-code" });
		} finally {
			await other.stop();
			elsewhere.remove();
		}
	});
});
