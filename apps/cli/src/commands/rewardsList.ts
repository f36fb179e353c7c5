// `openledger rewards list`: what contributors earned in settled epochs, and what they claimed.

import type { Reward } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { counted } from "../output/amounts.js";
import { rewardTable } from "../output/rewardTable.js";

export function rewardsListCommand(cli: Cli) {
	const spec = { name: "list", describe: "list what contributors earned and claimed", examples: ["rewards list"] };
	return nodeCommand(cli, spec, async ({ api, terminal }) => {
		type Rewards = { readonly rewards: readonly Reward[]; readonly unsettledAnswers: number };
		const { rewards, unsettledAnswers } = await api.get<Rewards>("/rewards");
		const none = "Nothing is settled yet. After answers were paid: openledger rewards settle";
		const lines = [rewards.length === 0 ? none : rewardTable(terminal, rewards)];
		if (rewards.length > 0 && unsettledAnswers > 0) {
			lines.push("", `${counted(unsettledAnswers, "answer")} not settled yet: openledger rewards settle`);
		}
		return { json: rewards, text: lines.join("\n") };
	});
}
