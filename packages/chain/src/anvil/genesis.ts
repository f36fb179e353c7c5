// What fixes the first block of a local chain: its id and birthday, written once. A chain begun anew from these and
// fed the same transactions is the same chain. It must not know of processes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CallerError } from "@openledger/protocol";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { writeFileDurably } from "../journal/durable.js";

export type Genesis = { readonly chainId: number; readonly timestamp: number };

/** Reads the genesis of a folder, or writes one born now. Throws `anvil/other-chain` if it holds another chain. */
export function ensureGenesis(home: string, chainId: number): Genesis {
	const file = join(home, "genesis.json");
	const known = read(file);
	if (known !== undefined && known.chainId !== chainId) {
		throw new CallerError(
			`${home} holds chain ${known.chainId}, but chain ${chainId} was asked for; use chain id ${known.chainId} or another folder`,
			{ code: "anvil/other-chain", details: { expected: chainId, actual: known.chainId } },
		);
	}
	if (known !== undefined) return known;
	const genesis: Genesis = { chainId, timestamp: Math.floor(Date.now() / 1000) };
	writeFileDurably(file, `${JSON.stringify(genesis)}\n`);
	return genesis;
}

/** Account that holds all native coins of a local chain at genesis. Its key is public knowledge: never for a real chain. */
export function localFaucet(): PrivateKeyAccount {
	faucet ??= privateKeyToAccount(FIRST_KEY);
	return faucet;
}

// The first account of anvil's mnemonic; to derive it from those words at each start of a node took half a second.
const FIRST_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
let faucet: PrivateKeyAccount | undefined;

function read(file: string): Genesis | undefined {
	let text: string;
	try {
		text = readFileSync(file, "utf8");
	} catch {
		return undefined;
	}
	try {
		const { chainId, timestamp } = JSON.parse(text) as Partial<Genesis>;
		if (Number.isSafeInteger(chainId) && Number.isSafeInteger(timestamp)) {
			return { chainId: chainId!, timestamp: timestamp! };
		}
	} catch {
		// Said below.
	}
	throw new CallerError(`${file} is not a genesis; it should read {"chainId":…,"timestamp":…}`, {
		code: "anvil/bad-genesis",
	});
}
