// The only reader of the environment: where the node's home is, which node to talk to, how to draw. Flags win over all of it.

import { homedir } from "node:os";
import { join, resolve } from "node:path";

export type CliConfig = {
	/** OPENLEDGER_HOME: folder of the node on this machine. */
	readonly home: string;
	/** OPENLEDGER_URL: a node elsewhere; none by default. */
	readonly url: string | undefined;
	/** OPENLEDGER_TOKEN: admin token of that node; by default the one in the home. */
	readonly token: string | undefined;
	/** OPENLEDGER_WALLET: file of the wallet that pays; by default wallet.json in the home. */
	readonly wallet: string | undefined;
	/** OPENLEDGER_PASSWORD_FILE, OPENLEDGER_PASSWORD: what opens the wallet; by default it is asked for. */
	readonly passwordFile: string | undefined;
	readonly password: string | undefined;
	/** OPENLEDGER_API_KEY: a prepaid key instead of a wallet. */
	readonly apiKey: string | undefined;
	/** NO_COLOR turns colours off, FORCE_COLOR on; by default only terminals get them. */
	readonly color: boolean | undefined;
};

export function readConfig(): CliConfig {
	const { env } = process;
	const asked = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "0" ? true : undefined;
	return {
		home: resolve(env.OPENLEDGER_HOME || join(homedir(), ".openledger")),
		url: env.OPENLEDGER_URL || undefined,
		token: env.OPENLEDGER_TOKEN || undefined,
		wallet: env.OPENLEDGER_WALLET ? resolve(env.OPENLEDGER_WALLET) : undefined,
		passwordFile: env.OPENLEDGER_PASSWORD_FILE || undefined,
		password: env.OPENLEDGER_PASSWORD || undefined,
		apiKey: env.OPENLEDGER_API_KEY || undefined,
		color: env.NO_COLOR ? false : asked,
	};
}
