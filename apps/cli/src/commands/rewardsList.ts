// `openledger rewards list`: what contributors earned in settled epochs, and what they claimed.

import type { Reward } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { rewardTable } from "../output/rewardTable.js";

export function rewardsListCommand(cli: Cli) {
	const spec = { name: "list", describe: "list what contributors earned and claimed", examples: ["rewards list"] };
	return nodeCommand(cli, spec, async ({ api, terminal }) => {
		const { rewards } = await api.get<{ rewards: readonly Reward[] }>("/rewards");
		const none = "Nothing is settled yet. After answers were paid: openledger rewards settle";
		return { json: rewards, text: rewards.length === 0 ? none : rewardTable(terminal, rewards) };
	});
}
