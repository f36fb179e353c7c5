// A trainer that lies, as a program of its own: `node cheatingTrainer.ts '{…}'`. It is the honest daemon with other work: each job's run has one
// lie in it, and it may fall silent when it is asked for the ops of the step that lies. Only tests start it.

import { readFileSync } from "node:fs";
import type { Addresses } from "@openledger/chain";
import type { Hex } from "@openledger/protocol";
import { privateKeyToAccount } from "viem/accounts";
import type { TrainerWork } from "../../compute/honestWork.js";
import { perJob } from "../../compute/jobShelf.js";
import { runTrainer } from "../../compute/runTrainer.js";
import { openWorkplace } from "../../compute/workplace.js";
import { type ForgedRun, type Forgery, forgeRun, writeForgedRun } from "./forgedRun.js";

export type Cheat = Forgery & {
	/** Nothing of the run is published. */
	readonly hides?: boolean;
	/** It does not answer when it comes to the ops. */
	readonly isSilent?: boolean;
};

export type CheatingTrainer = {
	readonly home: string;
	readonly keyFile: string;
	readonly rpcUrl: string;
	readonly chainId: number;
	readonly addresses: Addresses;
	readonly data: string;
	readonly baseFolder: string;
	readonly pollMs: number;
	readonly cheats: Readonly<Record<Hex, Cheat>>;
};

function cheatingWork(cheats: CheatingTrainer["cheats"]): TrainerWork {
	const forged = perJob<ForgedRun>();
	return {
		publishes: (jobId) => cheats[jobId]?.hides !== true,
		async train(_place, opened, { folder }) {
			const { chain, output, ...run } = await forged(opened, "", () => forgeRun(opened.replay, cheats[opened.jobId]!));
			await writeForgedRun(folder, opened.replay, { chain, output, ...run });
			return { chain: chain.map(({ hash }) => hash), ...output };
		},
		async book(_place, opened) {
			const cheat = cheats[opened.jobId]!;
			const { book } = await forged(opened, "", () => forgeRun(opened.replay, cheat));
			if (!cheat.isSilent) return book;
			return { ...book, trace: () => Promise.reject(new Error("this trainer does not say")) };
		},
	};
}

const [, script, told] = process.argv;
if (/cheatingTrainer\.m?[jt]s$/.test(script ?? "") && told !== undefined) {
	const { keyFile, pollMs, cheats, ...where } = JSON.parse(told) as CheatingTrainer;
	const account = privateKeyToAccount(`0x${readFileSync(keyFile, "utf8").trim()}`);
	const log = (line: string) => void process.stderr.write(`${line}\n`);
	const place = await openWorkplace({ ...where, account, log, signal: new AbortController().signal });
	await runTrainer(place, { pollMs, mostJobs: 2, work: cheatingWork(cheats) });
}
