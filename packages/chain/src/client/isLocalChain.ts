// Whether a chain is a local one, made for trying things out: its client is anvil, and it is on this machine.
import { isLocal } from "../journal/journalledTransport.js";
import type { ChainClient } from "./connect.js";

const LOCAL_HOSTS: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

export async function isLocalChain({ publicClient, url }: ChainClient): Promise<boolean> {
	return (
		LOCAL_HOSTS.includes(new URL(url).hostname) &&
		(await isLocal(publicClient.request as Parameters<typeof isLocal>[0]))
	);
}
