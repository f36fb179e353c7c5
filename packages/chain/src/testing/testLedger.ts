// A local chain with our contracts and a few funded people, for tests on the real thing. Only tests import it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { localFaucet } from "../anvil/genesis.js";
import type { Ledger } from "../client/ledger.js";
import { type LocalChain, openLocalChain } from "../openLocalChain.js";
import { localSettings } from "../parameters.js";
import { deployContracts } from "../verbs/deployContracts.js";
import { fundAccount } from "../verbs/fundAccount.js";

export const TEST_CHAIN_ID = 612055;
export const COIN = 10n ** 18n;

const NAMES = ["treasury", "settler", "owner", "node", "ada", "grace", "payer"] as const;
export type People = Readonly<Record<(typeof NAMES)[number], LocalAccount>>;

export const people = Object.fromEntries(
	NAMES.map((name, index) => [name, privateKeyToAccount(`0x${String(index + 1).padStart(64, "0")}`)]),
) as People;

export function temporaryHome(): { readonly home: string; remove(): void } {
	const home = mkdtempSync(join(tmpdir(), "openledger-chain-"));
	return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** Opens the chain of a folder and brings contracts and coins about; the second time on one folder changes nothing. */
export async function openTestLedger(home: string): Promise<{ chain: LocalChain; ledger: Ledger }> {
	const chain = await openLocalChain({ home, chainId: TEST_CHAIN_ID });
	for (const name of NAMES) {
		const { address } = people[name];
		if ((await chain.client.publicClient.getBalance({ address })) > 0n) continue;
		await fundAccount(chain.client, localFaucet(), { to: address, atLeastWei: COIN });
	}
	const roles = { ...localSettings, treasury: people.treasury.address, settler: people.settler.address };
	return {
		chain,
		ledger: { client: chain.client, addresses: await deployContracts(chain.client, people.owner, roles) },
	};
}
