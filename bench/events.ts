// What pages that poll the network cost a node, with and without followed events: the same reads of the same chain in one process, in turn.
// `npx tsx --conditions=source bench/events.ts [events]`; prints milliseconds of processors a call and their ratios, with a new block before each call and
// without. It writes nothing.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fundAccount, fundOpen, type Ledger, localFaucet, readEvents, stakePoolAbi } from "@openledger/chain";
import { openNode } from "@openledger/node";
import { encodeFunctionData } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { listProposals } from "../apps/node/src/governance/showProposal.js";
import { listDisputes } from "../apps/node/src/network/listDisputes.js";
import { listNodes } from "../apps/node/src/network/listNodes.js";
import { readActivity } from "../apps/node/src/network/readActivity.js";
import type { NodeParts } from "../apps/node/src/parts.js";
import { listOperators } from "../apps/node/src/staking/listOperators.js";
import { readStaker } from "../apps/node/src/staking/readStaker.js";
import { smallWorld } from "../apps/node/src/testing/smallWorld.js";
import { approveOpen } from "../packages/chain/src/verbs/approveOpen.js";

const EVENTS = Number(process.argv[2] ?? 4000);
const OPERATORS = 40;
const CALLS = 10;
const staker = privateKeyToAccount(`0x${"5a".repeat(32)}`);

const world = await smallWorld();
const node = await openNode(world.config);
try {
	const { parts } = node;
	await fill(parts);
	const begun = performance.now();
	await parts.ledger.events!.all({ contract: "stakePool", name: "Delegated" });
	const { events, blocksRead } = parts.ledger.events!.held();
	const ms = Math.round(performance.now() - begun);
	console.log(`${events} events of ${blocksRead} blocks, first read in ${ms} ms`);
	const reads: Record<string, (of: NodeParts) => Promise<unknown>> = {
		"network/nodes": (of) => listNodes(of),
		"network/disputes": listDisputes,
		activity: (of) => readActivity(of, { limit: 30 }),
		stakes: (of) => listOperators(of, 50),
		"stakes/:account": (of) => readStaker(of, staker.address),
		governance: (of) => listProposals(of, { limit: 50 }),
		"events alone": ({ ledger }) =>
			ledger.events?.all({ contract: "stakePool", name: "Delegated" }) ??
			readEvents(ledger, { contracts: ["stakePool"] }),
	};
	for (const [name, read] of Object.entries(reads)) {
		const cost = { without: 0, moving: 0, standing: 0 };
		for (let call = 0; call < CALLS; call++) {
			await mine(parts);
			// A client of its own: nothing that was kept of an earlier call is there for it.
			const client = { ...parts.ledger.client, listClient: undefined };
			const without = { ...parts, ledger: { ...parts.ledger, client, events: undefined } };
			cost.without += await timed(() => read(without));
			cost.moving += await timed(() => read(parts));
			cost.standing += await timed(() => read(parts));
		}
		const said = (ms: number) => `${(ms / CALLS).toFixed(1)} ms, ${(cost.without / ms).toFixed(1)} times less`;
		const before = `${(cost.without / CALLS).toFixed(1)} ms from the chain`;
		console.log(`${name.padEnd(18)} ${before} · followed ${said(cost.moving)} · no new block ${said(cost.standing)}`);
	}
} finally {
	await node.close();
	world.remove();
}

/** Milliseconds of processors, the chain's and this one's: on a busy machine the clock says little. Linux alone tells the chain's. */
async function timed(work: () => Promise<unknown>): Promise<number> {
	const before = processorMs();
	await work();
	return processorMs() - before;
}

function processorMs(): number {
	const { user, system } = process.cpuUsage();
	const pid = JSON.parse(readFileSync(join(world.config.home, "chain", "anvil.pid"), "utf8")).pid as number;
	const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
	const [utime, stime] = stat
		.slice(stat.lastIndexOf(")") + 2)
		.split(" ")
		.slice(11, 13)
		.map(Number);
	return (user + system) / 1000 + 10 * (utime! + stime!);
}

async function mine({ ledger }: { readonly ledger: Ledger }): Promise<void> {
	await (ledger.client.publicClient.request as (args: object) => Promise<unknown>)({
		method: "anvil_mine",
		params: [],
	});
}

/** Delegations of a wei each, mined as they come. */
async function fill({ ledger, keys }: { ledger: Ledger; keys: NodeParts["keys"] }): Promise<void> {
	const { client, addresses } = ledger;
	await fundAccount(client, localFaucet(), { to: staker.address, atLeastWei: 10n ** 21n });
	await fundOpen(ledger, keys.account("treasury"), { to: staker.address, atLeastWei: 10n ** 21n });
	await approveOpen(ledger, staker, { spender: addresses.stakePool, amountWei: 10n ** 21n });
	let nonce = await client.publicClient.getTransactionCount({ address: staker.address });
	for (let sent = 0; sent < EVENTS; sent += 50) {
		const batch = await Promise.all(
			Array.from({ length: 50 }, async (_, i) => {
				const operator = `0x${(0xa000 + ((sent + i) % OPERATORS)).toString(16).padStart(40, "0")}` as const;
				const params = [
					await staker.signTransaction({
						...{ type: "eip1559", chainId: client.chainId, nonce: nonce + i, to: addresses.stakePool },
						...{ gas: 1_000_000n, maxFeePerGas: 10n ** 10n },
						data: encodeFunctionData({ abi: stakePoolAbi, functionName: "delegate", args: [operator, 10n ** 9n] }),
					}),
				];
				return { jsonrpc: "2.0", id: i, method: "eth_sendRawTransaction", params };
			}),
		);
		// Past the journal, which would flush each to the disk.
		await fetch(client.url, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify(batch),
		});
		nonce += 50;
	}
}
