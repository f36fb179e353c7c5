// `openledger rewards list`: what contributors earned in settled epochs, what of it can be challenged, claimed, and is claimed.

import type { OpenEpoch, Reward } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { counted } from "../output/amounts.js";
import { time } from "../output/proposals.js";
import { rewardTable } from "../output/rewardTable.js";

export function rewardsListCommand(cli: Cli) {
	const spec = { name: "list", describe: "list what contributors earned and claimed", examples: ["rewards list"] };
	return nodeCommand(cli, spec, async ({ api, terminal }) => {
		type Rewards = {
			readonly rewards: readonly Reward[];
			readonly unsettledAnswers: number;
			readonly openEpochs: readonly OpenEpoch[];
		};
		const { rewards, unsettledAnswers, openEpochs } = await api.get<Rewards>("/rewards");
		const none = "Nothing is settled yet. After answers were paid: openledger rewards settle";
		const lines = [rewards.length === 0 ? none : rewardTable(terminal, rewards)];
		if (openEpochs.length > 0) lines.push("", ...openEpochs.map(sayEpoch));
		if (rewards.length > 0 && unsettledAnswers > 0) {
			lines.push("", `${counted(unsettledAnswers, "answer")} not settled yet: openledger rewards settle`);
		}
		return { json: rewards, text: lines.join("\n") };
	});
}

function sayEpoch({ epoch, status, receipts, challengeEnds }: OpenEpoch): string {
	const what = `epoch ${epoch}, ${counted(receipts, "receipt")}`;
	if (status === "proposed") return `${what}: its root can be challenged until ${time(BigInt(challengeEnds ?? 0))} UTC`;
	if (status === "fallen") return `${what}: its root fell; settle it anew: openledger rewards settle`;
	return `${what}: not proposed yet; go on with: openledger rewards settle`;
}
