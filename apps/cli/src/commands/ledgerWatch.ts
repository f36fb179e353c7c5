// `openledger ledger watch`: recomputes every proposed root from its data, and with --challenge brings what the chain takes where one is
// wrong, with the user's own wallet.

import { Option } from "commander";
import { ledgerCommand } from "../client/ledgerCommand.js";
import type { Status } from "../client/records.js";
import type { Cli } from "../defineCommand.js";
import { usage } from "../errors.js";
import { untilSignal } from "../untilSignal.js";

type Options = { readonly da?: string; readonly challenge?: boolean; readonly every?: string; readonly once?: boolean };

const EVERY_SECONDS = 30;

export function ledgerWatchCommand(cli: Cli) {
	const spec = {
		name: "watch",
		describe:
			"recompute every proposed root from its data; challenge the wrong ones. Exit 1 with --once if one is wrong",
		options: [
			new Option("--challenge", "act: proofs and demands on chain, juries for the rest, by your wallet and its stake"),
			new Option("--da <url>", "the data layer, an EigenDA proxy's or a node's (default: the node's)"),
			new Option("--every <seconds>", `how often to look (default: ${EVERY_SECONDS})`),
			new Option("--once", "look once and end"),
		],
		examples: ["ledger watch --once", "ledger watch --challenge --every 60"],
	};
	return ledgerCommand<Options>(cli, spec, async ({ api, ledger, options, signer, terminal }) => {
		const seconds = Number(options.every ?? EVERY_SECONDS);
		if (!(Number.isInteger(seconds) && seconds >= 1 && seconds <= 86_400))
			throw usage(`--every is ${options.every}; it is a whole number of seconds from 1 to 86400`);
		const { dataLayerAt, watchLedger } = await import("@openledger/node");
		const { rpcUrl } = await api.get<Status>("/status");
		const data = dataLayerAt(options.da ?? `${new URL(rpcUrl).origin}/da`);
		const challenger = options.challenge === true ? await signer() : undefined;
		const { green, red } = terminal.noteStyle;
		const said = new Set<string>();
		const signal = untilSignal();
		try {
			for (;;) {
				const findings = await watchLedger({
					...{ ledger, data, challenger },
					onFinding({ epoch, rootHash, found, message }) {
						const line = `epoch ${epoch} ${rootHash.slice(0, 10)} ${found}: ${message}`;
						// What stands as it stood is told once.
						if (!said.has(line)) terminal.note((found === "right" ? green : red)(line));
						said.add(line);
					},
				});
				if (options.once === true) {
					const ok = findings.every(({ found }) => found === "right");
					const none = "No root waits. After answers were paid: openledger rewards settle";
					const text = findings.map((it) => `epoch ${it.epoch}: ${it.found}, ${it.message}`).join("\n");
					return { json: findings, text: findings.length === 0 ? none : text, ok };
				}
				const pause = new Promise<"again">((resolve) => setTimeout(() => resolve("again"), seconds * 1000));
				if ((await Promise.race([signal.received, pause])) !== "again")
					return { json: { ended: true }, text: "Ended." };
			}
		} finally {
			signal.stop();
		}
	});
}
