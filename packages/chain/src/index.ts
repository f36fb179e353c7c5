// The chain room: a local chain that forgets nothing, and one verb per thing our contracts can do.
// It must not know rows, models or prompts: only digests, roots, counts and wei pass through here.
export { type AllocationPeople, type Grant, productionAllocation } from "./allocation.js";
export { findAnvil } from "./anvil/findAnvil.js";
export { localFaucet } from "./anvil/genesis.js";
export { type Anvil, type StartAnvilOptions, startAnvil } from "./anvil/startAnvil.js";
export {
	CANONICAL_ADDRESSES,
	type CodeOrigin,
	CREATE2_CONTRACTS,
	type Create2Contract,
	PRESIGNED_CONTRACTS,
	type PresignedContract,
} from "./canonical/canonicalContracts.js";
export { batchSettlementAbi } from "./channels/batchSettlementAbi.js";
export * from "./channels/channel.js";
export { type ChainClient, type ConnectOptions, connect, LOCAL_CHAIN_ID } from "./client/connect.js";
export { contractErrorFrom } from "./client/contractErrorFrom.js";
export type { EventKind, EventPlace, FollowedEvent, FollowedEvents, NewestHeld } from "./client/eventSource.js";
export { isLocalChain } from "./client/isLocalChain.js";
export { type Done, forLists, type Ledger } from "./client/ledger.js";
export {
	broadcastTransaction,
	confirmTransaction,
	type Sent,
	sendTransaction,
	type TransactionRequest,
} from "./client/sendTransaction.js";
export { type ContractName, contractAbis } from "./contractAbis.js";
export {
	type Addresses,
	CREATE2_DEPLOYER,
	contractAddresses,
	type DeployRoles,
} from "./contractAddresses.js";
export { ContractError, isChainTrouble, isSilent } from "./errors.js";
export * from "./generated/index.js";
export * from "./governance/actions.js";
export * from "./governance/propose.js";
export * from "./governance/readProposals.js";
export { type Change, type SimulatedAction, type Simulation, simulateActions } from "./governance/simulateActions.js";
export { contributionIdOf, datanetIdOf, modelIdOf } from "./ids.js";
export { journalledTransport } from "./journal/journalledTransport.js";
export { type Mended, mendReorg } from "./journal/mendReorg.js";
export { type JournalEntry, type Mined, openTxJournal, type TxJournal } from "./journal/openTxJournal.js";
export { type Recovery, recoverChain } from "./journal/recoverChain.js";
export { type LocalChain, openLocalChain } from "./openLocalChain.js";
export * from "./parameters.js";
export { type FollowEvents, followEvents } from "./reads/followEvents.js";
export { type Allocation, type FoundGrant, readAllocation } from "./reads/readAllocation.js";
export * from "./reads/readCase.js";
export { readChainTime } from "./reads/readChainTime.js";
export * from "./reads/readChannel.js";
export * from "./reads/readDatanet.js";
export * from "./reads/readDispute.js";
export { type LedgerEvent, type ReadEventsRange, readEvents } from "./reads/readEvents.js";
export { type FoundEvent, readEventsOf } from "./reads/readEventsOf.js";
export * from "./reads/readJob.js";
export * from "./reads/readModel.js";
export * from "./reads/readMoney.js";
export * from "./reads/readNodeTill.js";
export { type ReadParameter, readParameter, readParameters } from "./reads/readParameters.js";
export * from "./reads/readRoot.js";
export * from "./reads/readStake.js";
export { type AcceptContribution, acceptContribution } from "./verbs/acceptContribution.js";
export { activateRoot } from "./verbs/activateRoot.js";
export * from "./verbs/challengeRoot.js";
export { claimChannels } from "./verbs/claimChannels.js";
export { claimJob } from "./verbs/claimJob.js";
export { claimManyRewards } from "./verbs/claimManyRewards.js";
export { type ClaimRewards, claimRewards } from "./verbs/claimRewards.js";
export {
	claimRewardsBySig,
	claimRewardsTo,
	type SignedRewardsClaim,
	signRewardsClaim,
} from "./verbs/claimRewardsTo.js";
export { type ClaimStakeReward, claimStakeReward } from "./verbs/claimStakeReward.js";
export { collectFees, type Payment } from "./verbs/collectFees.js";
export { collectFromNode, collectSumFromNode, type PaidReceipt, receiptSetRoot } from "./verbs/collectFromNode.js";
export { collectStakeRewards } from "./verbs/collectStakeRewards.js";
export { type CommitContribution, commitContribution } from "./verbs/commitContribution.js";
export { commitVote, type Vote } from "./verbs/commitVote.js";
export { type ContributeRows, contributeRows } from "./verbs/contributeRows.js";
export { countCase } from "./verbs/countCase.js";
export { type CreateDatanet, createDatanet } from "./verbs/createDatanet.js";
export { type DelegateStake, delegateStake } from "./verbs/delegateStake.js";
export * from "./verbs/demandOfRoot.js";
export { deployCanonical } from "./verbs/deployCanonical.js";
export { deployContracts } from "./verbs/deployContracts.js";
export { type DepositAuthorization, type DepositChannel, depositChannel } from "./verbs/depositChannel.js";
export {
	appealContribution,
	challengeContribution,
	defendContribution,
	type OfContribution,
	resolveContribution,
	takeBackContribution,
	withdrawDeposits,
} from "./verbs/disputeContribution.js";
export { disputeRoot, resolveRootDispute } from "./verbs/disputeRoot.js";
export { drawJury } from "./verbs/drawJury.js";
export { dropRoot } from "./verbs/dropRoot.js";
export {
	appealVerdict,
	closeDispute,
	resolveDispute,
	settleDisputeCase,
	timeOutDispute,
	withdrawDisputeDeposit,
} from "./verbs/endDispute.js";
export { cancelJob, expireJob, finaliseJob, withdrawJobPay } from "./verbs/endJob.js";
export { type EnsureStake, ensureStake } from "./verbs/ensureStake.js";
export { type EraseRow, eraseRow } from "./verbs/eraseRow.js";
export { type FinaliseContribution, finaliseContribution } from "./verbs/finaliseContribution.js";
export { fundAccount } from "./verbs/fundAccount.js";
export { fundAllocation } from "./verbs/fundAllocation.js";
export { fundOpen, transferOpen } from "./verbs/fundOpen.js";
export { handOver } from "./verbs/handOver.js";
export { joinJury } from "./verbs/joinJury.js";
export { leaveJury } from "./verbs/leaveJury.js";
export { lockRootBond } from "./verbs/lockRootBond.js";
export { moveDispute } from "./verbs/moveDispute.js";
export { type OpenDispute, openDispute } from "./verbs/openDispute.js";
export { postJob } from "./verbs/postJob.js";
export { advanceRoot, type ProposeRoot, proposeRoot } from "./verbs/proposeRoot.js";
export { publishModel } from "./verbs/publishModel.js";
export { type PublishSnapshot, publishSnapshot } from "./verbs/publishSnapshot.js";
export { raiseSeat } from "./verbs/raiseSeat.js";
export { type RefundChannel, refundChannel } from "./verbs/refundChannel.js";
export { type RegisterBase, registerBase } from "./verbs/registerBase.js";
export { type RejectContribution, rejectContribution } from "./verbs/rejectContribution.js";
export { type ReleasedGrant, releaseGrant } from "./verbs/releaseGrant.js";
export { contributionCost, type RevealContribution, revealContribution } from "./verbs/revealContribution.js";
export { revealVote } from "./verbs/revealVote.js";
export { settleChannels } from "./verbs/settleChannels.js";
export { settleCommitments } from "./verbs/settleCommitments.js";
export { type SubmitRun, submitRun } from "./verbs/submitRun.js";
export { type Undelegated, type UndelegateStake, undelegateStake } from "./verbs/undelegateStake.js";
export { finishWithdrawal, startWithdrawal } from "./verbs/withdrawChannel.js";
export { withdrawJuryPay } from "./verbs/withdrawJuryPay.js";
export { withdrawOwed } from "./verbs/withdrawOwed.js";
export { type WithdrawStake, withdrawStake } from "./verbs/withdrawStake.js";
