// An attestation of intake: which pipeline looked at which rows, and what it decided, so that anybody can run it again and
// compare. It must not know what the checks are.
import type { Address, Hex, LocalAccount, TypedDataDefinition } from "viem";
import { checkAddress, checkAmount, checkCount, checkDigest } from "./checks.js";
import { recoverTypedSigner } from "./recoverTypedSigner.js";

/** How one check decided over all rows. */
export type CheckCount = {
	readonly name: string;
	readonly version: number;
	readonly passed: number;
	readonly flagged: number;
	readonly rejected: number;
};

/** What an intake did. `verdicts` is the digest over every row's verdict in order, `pipeline` that of checks and policy. */
export type IntakeAttestation = {
	readonly chainId: bigint;
	/** The registry of datanets: the domain of the signature. */
	readonly registry: Address;
	readonly datanetId: Hex;
	/** The root that the contributor registers, over all offered rows. */
	readonly rowsRoot: Hex;
	readonly pipeline: Hex;
	readonly verdicts: Hex;
	readonly offered: number;
	readonly accepted: number;
	readonly flagged: number;
	readonly rejected: number;
	readonly checks: readonly CheckCount[];
};

const TYPES = {
	IntakeAttestation: [
		{ name: "datanetId", type: "bytes32" },
		{ name: "rowsRoot", type: "bytes32" },
		{ name: "pipeline", type: "bytes32" },
		{ name: "verdicts", type: "bytes32" },
		{ name: "offered", type: "uint32" },
		{ name: "accepted", type: "uint32" },
		{ name: "flagged", type: "uint32" },
		{ name: "rejected", type: "uint32" },
		{ name: "checks", type: "CheckCount[]" },
	],
	CheckCount: [
		{ name: "name", type: "string" },
		{ name: "version", type: "uint32" },
		{ name: "passed", type: "uint32" },
		{ name: "flagged", type: "uint32" },
		{ name: "rejected", type: "uint32" },
	],
} as const;
const DIGESTS = ["datanetId", "rowsRoot", "pipeline", "verdicts"] as const;
const COUNTS = ["offered", "accepted", "flagged", "rejected"] as const;
const OUTCOMES = ["version", "passed", "flagged", "rejected"] as const;

/** The EIP-712 typed data, in the domain of chain and registry; throws `protocol/bad-…` naming the field. */
export function attestationTypedData(
	attestation: IntakeAttestation,
): TypedDataDefinition<typeof TYPES, "IntakeAttestation"> {
	const message: Record<string, unknown> = {};
	for (const name of DIGESTS) message[name] = checkDigest(attestation[name], name);
	for (const name of COUNTS) message[name] = checkCount(attestation[name], name);
	message.checks = attestation.checks.map((check) => ({
		name: check.name,
		...Object.fromEntries(OUTCOMES.map((name) => [name, checkCount(check[name], `${check.name}.${name}`)])),
	}));
	return {
		domain: {
			name: "OpenLedger Intake",
			version: "1",
			chainId: checkAmount(attestation.chainId, "chainId"),
			verifyingContract: checkAddress(attestation.registry, "registry"),
		},
		types: TYPES,
		primaryType: "IntakeAttestation",
		message: message as never,
	};
}

/** Signs with the account of whoever ran the pipeline. */
export function signAttestation(account: LocalAccount, attestation: IntakeAttestation): Promise<Hex> {
	return account.signTypedData(attestationTypedData(attestation));
}

/** Who signed, in lower case; throws `protocol/bad-signature`. */
export function recoverAttestationSigner(attestation: IntakeAttestation, signature: Hex): Promise<Address> {
	return recoverTypedSigner(attestationTypedData(attestation) as TypedDataDefinition, signature);
}
