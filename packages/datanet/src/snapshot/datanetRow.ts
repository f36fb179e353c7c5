// An accepted row with its owner, its place and its salted commitment. It must not be shown whole: the salt is private.
import {
	type Address,
	checkAddress,
	deriveSalt,
	type Hex,
	type Row,
	rowCommitment,
	rowDigest,
} from "@openledger/protocol";

/** A row of a datanet as its node keeps it. `salt` and the texts stay with the node, `commitment` goes on chain. */
export type DatanetRow = Row & {
	readonly index: number;
	readonly contributor: Address;
	readonly contributorName: string;
	readonly commitment: Hex;
	readonly salt: Hex;
	readonly cluster: number;
};

/** What is known of an accepted row before it is committed. */
export type CommitRowInput = Omit<DatanetRow, "commitment" | "salt">;

/** Salts and commits an accepted row; the 32-byte `secret` is the datanet's and reproduces all its salts. */
export function commitRow(row: CommitRowInput, secret: Hex): DatanetRow {
	const { index, prompt, response, before = [], contributorName, cluster } = row;
	const contributor = checkAddress(row.contributor, "contributor");
	const salt = deriveSalt(secret, rowDigest(row));
	const said = { prompt, response, ...(before.length > 0 && { before }) };
	return { index, ...said, contributor, contributorName, cluster, commitment: rowCommitment(row, salt), salt };
}
