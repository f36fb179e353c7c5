// For every custom error of our contracts: what would be right instead. Args are the error's own, in its order.
// It must not know how the error was found.

type Advice = (...args: readonly unknown[]) => string;

const ADVICE: Readonly<Record<string, Advice>> = {
	BaseExists: () => "the base is registered for this engine already; just use it",
	ClaimsExceedTotal: () => "the settled total is used up; wait for the next epoch's root",
	ContributionDecided: (_id, status) => `the owner ${status === 2 ? "accepted" : "rejected"} it, and that is final`,
	ContributionExists: () => "this root was contributed before; contribute other rows",
	DatanetExists: () => "use the existing datanet, or another name",
	ERC20InsufficientAllowance: (_spender, allowance, needed) => `approve ${needed} wei first; ${allowance} are approved`,
	ERC20InsufficientBalance: (sender, balance, needed) => `${sender} needs ${needed} wei of OPEN and has ${balance}`,
	ERC20InvalidReceiver: () => "name a receiver that may receive",
	ERC3009InvalidAuthorizationTime: (after, before) => `it is valid from ${after} to ${before} only; sign a new one`,
	ERC3009InvalidSignature: () => "sign with the payer's key over exactly these values, for this chain and token",
	ERC3009UsedAuthorization: () => "each nonce pays once; sign with a fresh random nonce",
	FeeBelowPlatform: (_fee, platform) => `a fee of this model is at least its platform part, ${platform} wei`,
	InvalidEpoch: (_epoch, expected) => `submit epoch ${expected}`,
	InvalidPaymentCount: (_count, max) => `collect 1 to ${max} payments at a time`,
	InvalidProof: () => "use the account's cumulative amount and its proof from the latest settled epoch",
	InvalidRowCount: (_count, max) => `the count must be 1 to ${max}`,
	InvalidSnapshotCount: (_count, max) => `name 1 to ${max} snapshots`,
	InvalidText: (field, _length, max) => `${field} must have 1 to ${max} bytes`,
	InvalidVersion: (_version, expected) => `version ${expected} would be the next`,
	NotDatanetOwner: (_id, _caller, owner) => `only the datanet's owner ${owner} may do this`,
	NotModelNode: (_id, _caller, node) => `only the model's node ${node} collects its fees`,
	NotSettler: (_caller, settler) => `only the settler ${settler} submits roots`,
	NothingOwed: () => "nothing has accrued since the last withdrawal; wait for fees to be collected",
	NothingToClaim: () => "all of it was claimed before; wait for the next epoch's root",
	PaymentAlreadyCollected: (_payer, _nonce, receiptId) => `it was collected under receipt ${receiptId}; leave it out`,
	PaymentAmountMismatch: (_payer, _nonce, _stated, paid) => `state the amount that was paid, ${paid} wei`,
	PaymentNotForModel: (_payer, _nonce, _paidTo, till) => `a payment for this model goes to ${till}`,
	PaymentNotMade: () => "settle the authorisation first, then collect",
	RateTooHigh: (field, _rate, max) => `${field} may be ${max} wei at most`,
	ReasonMissing: () => "give a reason code from 1 to 255",
	ReceiptAlreadyCollected: () => "each receipt collects one payment; use the receipt of this payment",
	RootAlreadyAccepted: () => "the same rows were accepted from somebody before; reject this one as a duplicate",
	RootDisagreesWithTotal: () => "the earnings root is zero exactly if the total is zero",
	SnapshotMismatch: (_id, version, _root, published) =>
		`snapshot ${version} has root ${published}; name that, or publish it first`,
	SplitOutOfBounds: (part, _ppm, min, max) => `the ${part} share must be ${min} to ${max} ppm`,
	SplitSum: () => "the five shares must sum to 1000000 ppm",
	TotalExceedsCollected: (_total, collected) => `the total may be at most what was collected, ${collected} wei`,
	TotalShrinks: (_total, previous) => `the cumulative total must be at least the last one, ${previous} wei`,
	UnknownBase: () => "register the base for this engine first",
	UnknownContribution: () => "use the id that contributing returned",
	UnknownDatanet: () => "create the datanet first, or use its id",
	UnknownModel: () => "publish the model first, or use its id",
	ZeroAccount: (field) => `${field} must be a real account`,
	ZeroAmount: () => "the amount must be above zero",
	ZeroDigest: (field) => `${field} must not be zero`,
	ZeroReceiptId: () => "use the id of a signed receipt",
};

/** One clause that says what to do about a contract's error. */
export function whatWouldBeRight(errorName: string, args: readonly unknown[]): string {
	return ADVICE[errorName]?.(...args) ?? "check the arguments against the contract's interface";
}
