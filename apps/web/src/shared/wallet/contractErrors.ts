// The contracts' errors by name with what would be right, in a part of their own: only who is refused loads it.

export { contractErrorFrom } from "@openledger/sdk/ledger";
