// A jury's case from its draw to its count, each juror voting as it is. It must not know what the case is about.
import { type Address, encodeAbiParameters, type Hex, keccak256 } from "viem";
import { voteCommitment } from "../../packages/protocol/src/index.js";
import type { World } from "./world.js";

/** Runs a case and gives its verdict. The court that opened it settles it. */
export async function runCase(world: World, caseId: bigint, voting: (juror: Address) => number): Promise<number> {
	const clerk = world.addresses.openToken;
	await world.mine(10);
	await world.send(clerk, "jury", "draw", [caseId]);
	const jurors = await world.read<readonly Address[]>("jury", "jurorsOf", [caseId]);
	const votes = jurors.map((juror) => ({ juror, choice: voting(juror) }));
	for (const { juror, choice } of votes) {
		const sealed = voteCommitment(caseId, juror, choice, saltOf(caseId, juror));
		await world.send(juror, "jury", "commitVote", [caseId, sealed]);
	}
	for (const { juror, choice } of votes)
		await world.send(juror, "jury", "revealVote", [caseId, choice, saltOf(caseId, juror)]);
	await world.send(clerk, "jury", "count", [caseId]);
	return await world.read<number>("jury", "verdictOf", [caseId]);
}

function saltOf(caseId: bigint, juror: Address): Hex {
	return keccak256(encodeAbiParameters([{ type: "uint256" }, { type: "address" }], [caseId, juror]));
}
