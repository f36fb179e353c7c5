// `openledger job post DATANET --pay OPEN`: a training job on chain, for whoever claims it.

import { Option } from "commander";
import { readRecipe } from "../client/readRecipe.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { open } from "../output/amounts.js";
import { parseOpen } from "../output/parseOpen.js";
import { whileWaiting } from "../output/showWaiting.js";
import { facts } from "../output/table.js";
import { whole } from "./samplingOptions.js";

type Options = {
	readonly pay: bigint;
	readonly stake?: bigint;
	readonly recipe?: string;
	readonly hours: number;
	readonly label?: string;
};
type Posted = { readonly jobId: string; readonly steps: number; readonly payWei: string; readonly feesWei: string };

export function jobPostCommand(cli: Cli) {
	const spec = {
		name: "post",
		describe: "freeze a datanet's rows and post a job: whoever trains on them as the recipe says is paid by the chain",
		args: [["<datanet>", "name or id of the datanet"]],
		options: [
			new Option("--pay <open>", "what the trainer gets").argParser(parseOpen).makeOptionMandatory(),
			new Option("--stake <open>", "what the trainer locks (default: the pay, or the least allowed)").argParser(
				parseOpen,
			),
			new Option("--recipe <file>", "YAML or JSON with the fields to change in the default recipe; see: model recipe"),
			new Option("--hours <n>", "from claim to submission").argParser(whole(1, 336)).default(24),
			new Option("--label <text>", "tells jobs of the same terms apart"),
		],
		examples: ["job post world --pay 50", "job post world --pay 50 --stake 200 --recipe recipe.yaml --hours 6"],
	} as const;
	return nodeCommand<Options>(cli, spec, async ({ api, args, options, terminal }) => {
		const { pay, stake, recipe, hours, label } = options;
		const body = {
			datanet: args[0]!,
			payWei: String(pay),
			trainSeconds: hours * 3600,
			...(stake !== undefined && { stakeWei: String(stake) }),
			...(recipe !== undefined && { recipe: await readRecipe(recipe) }),
			...(label !== undefined && { label }),
		};
		const posted = await whileWaiting(terminal, "the job", api.post<Posted>("/training-jobs", body));
		const text = facts(terminal, [
			["Job", posted.jobId],
			["Steps", posted.steps.toLocaleString("en-US")],
			["Escrow", `${open(posted.payWei)} OPEN for the trainer, ${open(posted.feesWei)} OPEN for the datanet's access`],
			["Next", `openledger job show ${posted.jobId.slice(0, 12)}`],
		]);
		return { json: posted, text };
	});
}
