// For every custom error of our contracts: what would be right instead. Args are the error's own, in its order.
// It must not know how the error was found.

/** As the governor numbers them. */
const PROPOSAL_STATES = ["pending", "active", "canceled", "defeated", "succeeded", "queued", "expired", "executed"];

type Advice = (...args: readonly unknown[]) => string;

const ADVICE: Readonly<Record<string, Advice>> = {
	AccessControlUnauthorizedAccount: () => "only governance may do this, by a proposal that was carried",
	AlreadyFunded: () => "the allocation has its money; nothing is left to do",
	BaseExists: () => "the base is registered for this engine already; just use it",
	ClaimExceedsBalance: () => "the channel holds less than that; claim up to its balance, and ask for a deposit",
	ClaimExceedsCeiling: () => "claim at most what the voucher allows",
	ClaimsExceedTotal: () => "the settled total is used up; wait for the next epoch's root",
	ContributionDecided: (_id, status) => `the owner ${status === 2 ? "accepted" : "rejected"} it, and that is final`,
	ContributionExists: () => "this root was contributed before; contribute other rows",
	DatanetExists: () => "use the existing datanet, or another name",
	DepositCollectionFailed: () => "the token must bring exactly the amount; tokens that take a fee cannot be used",
	EmptyBatch: () => "claim at least one voucher",
	ERC20InsufficientAllowance: (_spender, allowance, needed) => `approve ${needed} wei first; ${allowance} are approved`,
	ERC20InsufficientBalance: (sender, balance, needed) => `${sender} needs ${needed} wei of OPEN and has ${balance}`,
	ERC20InvalidReceiver: () => "name a receiver that may receive",
	ERC3009InvalidAuthorizationTime: (after, before) => `it is valid from ${after} to ${before} only; sign a new one`,
	ERC3009InvalidSignature: () => "sign with the payer's key over exactly these values, for this chain and token",
	ERC3009UsedAuthorization: () => "each nonce pays once; sign with a fresh random nonce",
	FeeBelowPlatform: (_fee, platform) => `a fee of this model is at least its platform part, ${platform} wei`,
	GovernorAlreadyCastVote: () => "each account votes once on a proposal; this vote stands",
	GovernorInsufficientProposerVotes: (_proposer, votes, threshold) =>
		`proposing needs ${threshold} wei of votes a second before, there are ${votes}; delegate to the proposer first`,
	GovernorInvalidProposalLength: () => "give each call one target, one value and its calldata",
	GovernorInvalidSignature: () =>
		"sign with the voter's key over this proposal, support and its next nonce, for this chain",
	GovernorInvalidVoteType: () => "vote 0 (against), 1 (for) or 2 (abstain)",
	GovernorNonexistentProposal: () => "use the id that proposing returned",
	GovernorOnlyExecutor: () => "only a carried proposal changes this",
	GovernorPreventLateQuorumVoteExtensionTooLarge: (_extension, max) =>
		`it may be at most the voting period, ${max} seconds`,
	GovernorRestrictedProposer: () => "the description names another proposer; write another one",
	GovernorUnableToCancel: () => "only its proposer may cancel, and only before votes begin",
	GovernorUnexpectedProposalState: (_id, state) =>
		`the proposal is ${PROPOSAL_STATES[Number(state)] ?? "in another state"}; see openledger gov show`,
	InvalidBounds: () => "the least value must not exceed the greatest, nor that what the type holds",
	InvalidChannel: () => "payer, receiver, its authoriser and token must be real accounts; only the payer withdraws",
	InvalidEpoch: (_epoch, expected) => `submit epoch ${expected}`,
	InvalidPaymentCount: (_count, max) => `collect 1 to ${max} payments at a time`,
	InvalidProof: () => "use the account's cumulative amount and its proof from the latest settled epoch",
	InvalidRefundNonce: () => "sign the refund with the channel's current refund nonce",
	InvalidRowCount: (_count, max) => `the count must be 1 to ${max}`,
	InvalidSignature: () =>
		"the payer's authoriser signs vouchers, the receiver's signs claims and refunds, for this chain",
	InvalidSnapshotCount: (_count, max) => `name 1 to ${max} snapshots`,
	InvalidText: (field, _length, max) => `${field} must have 1 to ${max} bytes`,
	InvalidVersion: (_version, expected) => `version ${expected} would be the next`,
	NotAuthorizedToClaim: () => "the receiver or its authoriser claims; others bring its signature",
	NotAuthorizedToFinalizeWithdraw: () => "only the payer or its authoriser withdraws",
	NotAuthorizedToRefund: () => "the receiver or its authoriser refunds; others bring its signature",
	NotDatanetOwner: (_id, _caller, owner) => `only the datanet's owner ${owner} may do this`,
	NotModelNode: (_id, _caller, node) => `only the model's node ${node} collects its fees`,
	NotSettler: (_caller, settler) => `only the settler ${settler} submits roots`,
	NotFunded: (needed) => `bring the allocation its ${needed} wei first`,
	NothingToRelease: () => "nothing more is vested; wait",
	NothingOwed: () => "nothing has accrued since the last withdrawal; wait for fees to be collected",
	NotReceiverAuthorizer: () => "a signed batch holds channels of one authoriser only",
	NothingToClaim: () => "all of it was claimed before; wait for the next epoch's root",
	NothingToWithdraw: () => "name an amount above zero",
	OutOfBounds: (_key, _value, min, max) => `it lies between ${min} and ${max}, for ever`,
	PartOutOfBounds: (part, _stated, min, max) => `the ${part} part of this sum lies between ${min} and ${max} wei`,
	PaymentAlreadyCollected: (_payer, _nonce, receiptId) => `it was collected under receipt ${receiptId}; leave it out`,
	PaymentAmountMismatch: (_payer, _nonce, _stated, paid) => `state the amount that was paid, ${paid} wei`,
	PaymentNotForModel: (_payer, _nonce, _paidTo, till) => `a payment for this model goes to ${till}`,
	PaymentNotMade: () => "settle the authorisation first, then collect",
	PlatformSum: (_stated, right) => `the platform part of this sum is ${right} wei`,
	RateTooHigh: (field, _rate, max) => `${field} may be ${max} wei at most`,
	ReasonMissing: () => "give a reason code from 1 to 255",
	ReceiptAlreadyCollected: () => "each receipt collects one payment; use the receipt of this payment",
	RootAlreadyAccepted: () => "the same rows were accepted from somebody before; reject this one as a duplicate",
	RootDisagreesWithTotal: () => "the earnings root is zero exactly if the total is zero",
	SnapshotMismatch: (_id, version, _root, published) =>
		`snapshot ${version} has root ${published}; name that, or publish it first`,
	SplitOutOfBounds: (part, _ppm, min, max) => `the ${part} share must be ${min} to ${max} ppm`,
	SplitSum: () => "the five shares must sum to 1000000 ppm",
	TimelockInsufficientDelay: (_delay, min) => `the timelock waits ${min} seconds at least`,
	TimelockUnexpectedOperationState: () => "the operation is not ready; wait until its time",
	TillTooLow: (_till, balance, needed) => `it holds ${balance} of ${needed} wei; claim and settle channels first`,
	TotalExceedsCollected: (_total, collected) => `the total may be at most what was collected, ${collected} wei`,
	TotalShrinks: (_total, previous) => `the cumulative total must be at least the last one, ${previous} wei`,
	UnknownBase: () => "register the base for this engine first",
	UnknownContribution: () => "use the id that contributing returned",
	UnknownDatanet: () => "create the datanet first, or use its id",
	UnknownGrant: (_index, count) => `there are ${count} grants, counted from 0`,
	UnknownModel: () => "publish the model first, or use its id",
	WithdrawAmountExceedsAvailable: () => "withdraw at most what is not claimed",
	WithdrawDelayNotElapsed: () => "wait until the channel's withdraw delay is over since notice was given",
	WithdrawDelayOutOfRange: () => "the delay is 900 to 2592000 seconds",
	WithdrawalAlreadyPending: () => "notice was given before; finish that withdrawal first",
	WithdrawalNotPending: () => "give notice first",
	ZeroAccount: (field) => `${field} must be a real account`,
	ZeroAmount: () => "the amount must be above zero",
	ZeroDeposit: () => "deposit more than nothing",
	ZeroDigest: (field) => `${field} must not be zero`,
	ZeroReceiptId: () => "use the id of a signed receipt",
	ZeroRefund: () => "refund more than nothing",
};

/** One clause that says what to do about a contract's error. */
export function whatWouldBeRight(errorName: string, args: readonly unknown[]): string {
	return ADVICE[errorName]?.(...args) ?? "check the arguments against the contract's interface";
}
