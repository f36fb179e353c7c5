// What staking risks and how long it binds, with the values that hold now.

import { Link } from "wouter";
import { formatParameter } from "../../shared/format/parameter.js";
import { Card } from "../../shared/ui/Card.js";
import type { Constant } from "./useStakes.js";

export function Risks({ constants }: { readonly constants: readonly Constant[] }) {
	const now = (key: string) => {
		const found = constants.find((constant) => constant.key === key);
		return <strong className="font-semibold">{found === undefined ? "…" : formatParameter(key, found.value)}</strong>;
	};
	const number = (key: string) => BigInt(constants.find((constant) => constant.key === key)?.value ?? "0");
	const burnt = 1_000_000n - number("slashChallengerPpm") - number("slashTreasuryPpm");
	const rest = constants.length === 0 ? "…" : `${Number(burnt) / 10_000} %`;
	return (
		<Card
			title="Before you stake"
			aside={
				<Link href="/governance?tab=constants" className="text-accent underline-offset-2 hover:underline">
					Governed constants
				</Link>
			}
		>
			<ul className="grid gap-x-8 gap-y-2 text-sm md:grid-cols-2 [&>li]:border-l-2 [&>li]:border-line [&>li]:pl-3">
				<li>
					<strong className="font-semibold">You can lose all of it.</strong> Who stakes trusts the operator: a fault of
					its is taken from everybody who stands behind it, also from those who are leaving.
				</li>
				<li>
					Of what is slashed {now("slashChallengerPpm")} go to whoever showed the fault, {now("slashTreasuryPpm")} to
					the treasury, {rest} are burnt. A fault is shown by proof or by a jury.
				</li>
				<li>
					Leaving takes {now("unbondingSeconds")}. Until then it earns nothing and can still be slashed; while the
					operator's promises need it, it waits at most twice as long again.
				</li>
				<li>
					Rewards come from the stakers' part of every fee, and are given out evenly over {now("rewardSeconds")}. Staked
					OPEN does not vote.
				</li>
				<li>
					A seat on a jury locks {now("seatStakeWei")}. A juror who stands against the final outcome loses{" "}
					{now("wrongVotePpm")} of it, one who stays away {now("absentVotePpm")}; a case pays {now("jurorFeeWei")} a
					juror.
				</li>
			</ul>
		</Card>
	);
}
