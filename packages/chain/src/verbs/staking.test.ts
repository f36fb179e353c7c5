// That stakes, seats, draws and votes go all the way on a real chain, each verb once however often it is called, and that a
// draw is the one that anybody recomputes from the block's hash. The pool and the jury are the test's own, so that an account
// can be their consumer and court.
import { drawJurors, drawSeed, voteCommitment } from "@openledger/protocol";
import { type Address, concat, encodeDeployData, getCreate2Address, type Hex, keccak256, toHex, zeroHash } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { localFaucet } from "../anvil/genesis.js";
import { type Ledger, writeContract } from "../client/ledger.js";
import { sendTransaction } from "../client/sendTransaction.js";
import { CREATE2_DEPLOYER } from "../contractAddresses.js";
import {
	juryAbi,
	juryBytecode,
	parametersAbi,
	parametersBytecode,
	stakePoolAbi,
	stakePoolBytecode,
} from "../generated/index.js";
import type { LocalChain } from "../openLocalChain.js";
import { localParameters, parameterList } from "../parameters.js";
import { readBench, readCase, readJurors, readJuryPay, readSeat, roleKey } from "../reads/readCase.js";
import { readBalance } from "../reads/readMoney.js";
import { readRewardsTill, readStake, readStakerPosition } from "../reads/readStake.js";
import { COIN, openTestLedger, people, temporaryHome } from "../testing/testLedger.js";
import { claimStakeReward } from "./claimStakeReward.js";
import { collectStakeRewards } from "./collectStakeRewards.js";
import { commitVote } from "./commitVote.js";
import { countCase } from "./countCase.js";
import { delegateStake } from "./delegateStake.js";
import { drawJury } from "./drawJury.js";
import { fundAccount } from "./fundAccount.js";
import { fundOpen, transferOpen } from "./fundOpen.js";
import { joinJury } from "./joinJury.js";
import { leaveJury } from "./leaveJury.js";
import { raiseSeat } from "./raiseSeat.js";
import { revealVote } from "./revealVote.js";
import { undelegateStake } from "./undelegateStake.js";
import { withdrawJuryPay } from "./withdrawJuryPay.js";
import { withdrawStake } from "./withdrawStake.js";

const { treasury, owner: court, ada, grace, node, payer: staker } = people;
const jurors = [ada, grace, node];
const SEAT = 100n * COIN;
const salt = keccak256(toHex("salt"));
const place = temporaryHome();
let chain: LocalChain;
let ledger: Ledger;

beforeAll(async () => {
	const opened = await openTestLedger(place.home);
	chain = opened.chain;
	const { openToken } = opened.ledger.addresses;
	for (const { address } of [...jurors, court, staker, treasury]) {
		await fundAccount(chain.client, localFaucet(), { to: address, atLeastWei: COIN });
	}
	const deploy = async (initCode: Hex): Promise<Address> => {
		await sendTransaction(chain.client, court, { to: CREATE2_DEPLOYER, data: concat([zeroHash, initCode]) });
		return getCreate2Address({ from: CREATE2_DEPLOYER, salt: zeroHash, bytecode: initCode });
	};
	const parameters = await deploy(
		encodeDeployData({
			abi: parametersAbi,
			bytecode: parametersBytecode,
			args: [court.address, parameterList(localParameters)],
		}),
	);
	const stakePool = await deploy(
		encodeDeployData({
			abi: stakePoolAbi,
			bytecode: stakePoolBytecode,
			args: [openToken, parameters, treasury.address, court.address],
		}),
	);
	const jury = await deploy(
		encodeDeployData({
			abi: juryAbi,
			bytecode: juryBytecode,
			args: [openToken, parameters, stakePool, court.address],
		}),
	);
	ledger = { client: chain.client, addresses: { ...opened.ledger.addresses, parameters, stakePool, jury } };
	const named = { functionName: "initialise" } as const;
	await writeContract(ledger, court, { ...named, address: stakePool, abi: stakePoolAbi, args: [[jury]] });
	await writeContract(ledger, court, { ...named, address: jury, abi: juryAbi, args: [[court.address]] });
});
afterAll(async () => {
	await chain?.stop();
	place.remove();
});

const pass = (seconds: number) =>
	chain.client.publicClient.request({ method: "evm_increaseTime", params: [toHex(seconds)] } as never);

test("behavior: seats, a draw that anybody recomputes, sealed votes, a verdict, pay and charge", async () => {
	const role = "verifier";
	for (const juror of jurors) {
		await fundOpen(ledger, treasury, { to: juror.address, atLeastWei: SEAT });
		await expect(joinJury(ledger, juror, { role })).rejects.toMatchObject({ code: "contract/StakeTooLow" });
		await delegateStake(ledger, juror, { operator: juror.address, amountWei: SEAT });
		expect((await joinJury(ledger, juror, { role })).seat).toEqual({
			stakeWei: SEAT,
			openCases: 0,
			number: jurors.indexOf(juror) + 1,
		});
		expect((await joinJury(ledger, juror, { role })).sent).toBeUndefined();
	}
	expect(await readStake(ledger, ada.address)).toMatchObject({
		activeWei: SEAT,
		lockedWei: SEAT,
		freeWei: 0n,
		isCovered: true,
	});

	const { jury: address } = ledger.addresses;
	await transferOpen(ledger, treasury, { to: address, amountWei: 3n * COIN });
	const nobody = `0x${"0".repeat(40)}` as const;
	await writeContract(ledger, court, {
		address,
		abi: juryAbi,
		functionName: "open",
		args: [roleKey(role), 3, 2, zeroHash, [nobody, nobody, nobody], 3n * COIN],
	});
	const caseId = 1n;
	expect(await readCase(ledger, caseId)).toMatchObject({
		phase: "drawing",
		court: court.address,
		role,
		size: 3,
		positions: 3,
		newestSeat: 3,
	});
	const bench = await readBench(ledger, role);
	const { jurors: drawn } = await drawJury(ledger, court, { caseId });
	expect((await drawJury(ledger, court, { caseId })).sent).toBeUndefined();
	const { drawBlock } = (await readCase(ledger, caseId))!;
	const { hash } = await chain.client.publicClient.getBlock({ blockNumber: drawBlock });
	expect(drawn).toEqual(drawJurors(drawSeed(hash, address, caseId), bench, 3));
	expect(await readJurors(ledger, caseId)).toEqual(drawn);

	for (const [i, juror] of jurors.entries()) {
		const vote = { caseId, choice: i === 2 ? 2 : 1, salt };
		await expect(revealVote(ledger, juror, vote)).rejects.toMatchObject({ code: "contract/WrongPhase" });
		const { commitment } = await commitVote(ledger, juror, vote);
		expect(commitment).toBe(voteCommitment(caseId, juror.address, vote.choice, salt));
		expect((await commitVote(ledger, juror, vote)).sent).toBeUndefined();
		await expect(commitVote(ledger, juror, { ...vote, salt: zeroHash })).rejects.toMatchObject({
			code: "chain/differs",
		});
	}
	await expect(commitVote(ledger, staker, { caseId, choice: 1, salt })).rejects.toMatchObject({
		code: "contract/WrongPhase",
	});
	for (const [i, juror] of jurors.entries()) {
		const vote = { caseId, choice: i === 2 ? 2 : 1, salt };
		await expect(revealVote(ledger, juror, { ...vote, salt: zeroHash })).rejects.toMatchObject({
			code: "contract/VoteMismatch",
			message: expect.stringContaining("show exactly the choice and salt"),
		});
		await revealVote(ledger, juror, vote);
		expect((await revealVote(ledger, juror, vote)).sent).toBeUndefined();
	}
	expect((await countCase(ledger, court, { caseId })).verdict).toBe(1);
	expect((await countCase(ledger, court, { caseId })).sent).toBeUndefined();
	await expect(leaveJury(ledger, ada, { role })).rejects.toMatchObject({ code: "contract/SeatInUse" });
	await writeContract(ledger, court, { address, abi: juryAbi, functionName: "settle", args: [caseId, 1] });

	// A part of the wrong one's seat is lost; half of that and the fee go to the two others.
	const lost = (SEAT * localParameters.wrongVotePpm.value) / 1_000_000n;
	const pay = (3n * COIN + lost / 2n) / 2n;
	expect(await readSeat(ledger, role, node.address)).toEqual({ stakeWei: SEAT - lost, openCases: 0, number: 3 });
	expect(await readJuryPay(ledger, ada.address)).toBe(pay);
	expect((await withdrawJuryPay(ledger, court, { account: ada.address })).amountWei).toBe(pay);
	expect((await withdrawJuryPay(ledger, court, { account: ada.address })).sent).toBeUndefined();
	expect(await readBalance(ledger, ada.address)).toBe(pay);
	const raised = { role, stakeWei: SEAT + 5n * COIN } as const;
	await expect(raiseSeat(ledger, ada, raised)).rejects.toMatchObject({ code: "contract/StakeTooLow" });
	await fundOpen(ledger, treasury, { to: ada.address, atLeastWei: pay + 5n * COIN });
	await delegateStake(ledger, ada, { operator: ada.address, amountWei: 5n * COIN });
	expect((await raiseSeat(ledger, ada, raised)).seat).toEqual({ stakeWei: SEAT + 5n * COIN, openCases: 0, number: 4 });
	expect((await raiseSeat(ledger, ada, raised)).sent).toBeUndefined();
	await leaveJury(ledger, ada, { role });
	expect((await leaveJury(ledger, ada, { role })).sent).toBeUndefined();
	await expect(raiseSeat(ledger, ada, raised)).rejects.toMatchObject({ code: "contract/NoSeat" });
	expect(await readBench(ledger, role)).toHaveLength(2);
});

test("behavior: stake comes, earns, leaves and is paid once", async () => {
	const operator = court.address;
	await fundOpen(ledger, treasury, { to: staker.address, atLeastWei: 50n * COIN });
	await delegateStake(ledger, staker, { operator, amountWei: 50n * COIN });
	expect(await claimStakeReward(ledger, court, { operator, staker: staker.address })).toEqual({});
	expect((await collectStakeRewards(ledger, court, { operator })).sent).toBeUndefined();
	await transferOpen(ledger, treasury, { to: await readRewardsTill(ledger, operator), amountWei: 7n * COIN });
	expect((await collectStakeRewards(ledger, court, { operator })).amountWei).toBe(7n * COIN);
	await pass(5);
	const { index, amountWei } = await undelegateStake(ledger, staker, { operator, shares: 20n * COIN });
	expect({ index, amountWei }).toEqual({ index: 0n, amountWei: 20n * COIN });
	expect(await readStakerPosition(ledger, operator, staker.address)).toMatchObject({
		shares: 30n * COIN,
		stakeWei: 30n * COIN,
		earnedWei: 7n * COIN,
		unbondings: [{ index: 0n, amountWei: 20n * COIN }],
	});
	await claimStakeReward(ledger, court, { operator, staker: staker.address });
	const leaving = { operator, staker: staker.address, index };
	await expect(withdrawStake(ledger, court, leaving)).rejects.toMatchObject({ code: "contract/NotYetReady" });
	await pass(6);
	await withdrawStake(ledger, court, leaving);
	expect((await withdrawStake(ledger, court, leaving)).sent).toBeUndefined();
	expect(await readBalance(ledger, staker.address)).toBe(27n * COIN);
	await expect(withdrawStake(ledger, court, { ...leaving, index: 1n })).rejects.toMatchObject({
		code: "contract/NothingUnbonding",
	});
	await expect(undelegateStake(ledger, staker, { operator, shares: 31n * COIN })).rejects.toMatchObject({
		code: "contract/TooFewShares",
	});
});
