// How things of a receipt are called. Words only.

export const questionShown = (prompt: string | undefined): string =>
	prompt === undefined || prompt === "" ? "(nothing was asked)" : prompt;

export const METHODS: Readonly<Record<string, string>> = {
	exact: "a transfer of its own",
	"batch-settlement": "a payment channel",
	key: "a prepaid key",
};

/** The record's fields in words, in the order in which they are hashed. */
export const FIELDS: readonly (readonly [field: string, name: string, what: string])[] = [
	["chainId", "Chain", "the chain that it was paid on"],
	["vault", "Vault", "the contract that collects the fee; every other contract is asked from here"],
	["paymentNonce", "Payment nonce", "which no other payment of this payer has"],
	["payer", "Payer", "who paid"],
	["modelId", "Model", "the published model version that answered"],
	["adapterDigest", "Adapter", "SHA-256 of the adapter's numbers"],
	["baseDigest", "Base", "SHA-256 over the base model's files"],
	["snapshotRoot", "Rows", "Merkle root of the rows that the model learnt from"],
	["featuresRoot", "Features", "Merkle root of one feature for each row"],
	["engineId", "Engine", "the program whose bits these are"],
	["promptHash", "Request", "salted hash of the whole request"],
	["responseHash", "Answer", "salted hash of the answer"],
	["tokensIn", "Tokens read", ""],
	["tokensOut", "Tokens written", ""],
	["feeWei", "Fee", "in wei of OPEN"],
	["method", "Method", "how influence was measured"],
	["sharesRoot", "Shares", "Merkle root of who gets which part"],
	["timestamp", "Time", "of the payment's block"],
	["queryDigest", "Answer's feature", "digest of what the rows were compared with"],
	["scoresRoot", "Scores", "Merkle root of the scores of all rows that count"],
];

/** Checks of a verification in their order: what is done, and what a difference would mean. */
export const STEPS: readonly (readonly [what: string, title: string, says: string])[] = [
	["receipt", "Receipt", "Its id is the hash of its fields."],
	["model", "Model on chain", "The chain commits to the same base, engine, adapter, features and rows."],
	["signature", "Signature", "The model's node signed it."],
	["prompt", "Question", "The request opens the record's hash."],
	["payment", "Payment", "The fee is on chain, in the model's till."],
	["base", "Base model", "Every file is fetched and digested."],
	["rows", "Rows", "Every row with its salt opens its commitment; all together give the root."],
	["run", "Training run", "Adapter, history, space and features are those that the chain commits to."],
	["steps", "Training steps", "Each step met the rows that recipe and snapshot give it."],
	["space", "Space of features", "The directions that features are measured in, found again."],
	["features", "Features", "Some rows' features are made again from their texts, number for number."],
	["answer", "Answer", "Generated again, token by token."],
	["shares", "Scores and shares", "Every row is scored again; the shares follow to the millionth."],
	["spans", "Words in the rows", "An index made anew finds the same stretches."],
	["shown", "This page", "What you see above is what was verified."],
];
