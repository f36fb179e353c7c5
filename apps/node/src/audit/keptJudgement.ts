// How smooth a run was found, kept beside its counterfactuals: the same run is judged once. What cannot be read is judged again.

import { join } from "node:path";
import { readIfThere, writeDurably } from "@openledger/factory";
import type { Hex } from "@openledger/protocol";
import { z } from "zod";
import type { Smoothness } from "./auditRecord.js";

const stored = z.strictObject({
	runCommitment: z.string(),
	smooth: z.boolean(),
	why: z.string(),
	figures: z.record(z.string(), z.string()),
});

export type KeptJudgement = { read(): Promise<Smoothness | undefined>; write(judged: Smoothness): Promise<void> };

export function keptJudgement(folder: string, runCommitment: Hex): KeptJudgement {
	const file = join(folder, "smoothness.json");
	return {
		async read() {
			const bytes = await readIfThere(file);
			if (bytes === undefined) return undefined;
			try {
				const { runCommitment: of, ...judged } = stored.parse(JSON.parse(new TextDecoder().decode(bytes)));
				return of === runCommitment ? judged : undefined;
			} catch {
				return undefined;
			}
		},
		write: (judged) => writeDurably(file, JSON.stringify({ runCommitment, ...judged })),
	};
}
