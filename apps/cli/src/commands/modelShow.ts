// `openledger model show MODEL`: what it comes from, what it costs, who earns by it, how it was trained.

import type { TrainedModel } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { open, percent } from "../output/amounts.js";
import { facts } from "../output/table.js";
import { trainingFacts } from "../output/training.js";

export function modelShowCommand(cli: Cli) {
	const spec = {
		name: "show",
		describe: "show a model: origin, prices, split, training",
		args: [["<model>", "served name or id"]],
		examples: ["model show world-1", "model show world-1 --json | jq .history"],
	} as const;
	return nodeCommand(cli, spec, async ({ api, args, terminal }) => {
		const found = await api.get<TrainedModel>(`/models/${encodeURIComponent(args[0]!)}`);
		const { rates, split } = found;
		const origin = facts(terminal, [
			["Model", found.model],
			["Id", found.id],
			["Status", `${found.status}${found.served ? ", served" : ""}`],
			["Base", `${found.base}  ${found.baseDigest}`],
			["Engine", found.engineId],
			["Adapter", found.adapterDigest],
			["Features", found.featuresRoot],
			["Run", found.runCommitment],
		]);
		const price = `${open(rates.platformWei)} OPEN an answer + ${open(rates.inWeiPer1000)} per 1,000 tokens read + ${open(rates.outWeiPer1000)} per 1,000 written`;
		const parts = [
			`contributors ${percent(split.contributorsPpm)}`,
			`owner ${percent(split.ownerPpm)}`,
			`node ${percent(split.nodePpm)}`,
			`stakers ${percent(split.stakersPpm)}`,
			`treasury ${percent(split.treasuryPpm)}`,
		];
		const terms = facts(terminal, [["Price", price], ["Split", parts.join(", ")], ...trainingFacts(found)]);
		return { json: found, text: `${origin}\n\n${terms}` };
	});
}
