// Freezes a version of a datanet. It must not know the rows.
import type { Hex, LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { differs } from "../errors.js";
import { datanetRegistryAbi } from "../generated/index.js";
import { readDatanet, readSnapshot } from "../reads/readDatanet.js";

export type PublishSnapshot = {
	readonly datanetId: Hex;
	readonly root: Hex;
	readonly rowCount: number;
	/** By default: the latest version if it has this very root and count, else the next. */
	readonly version?: number;
	/** How many of the datanet's erased rows were considered: all; by default what the chain says now. */
	readonly tombstones?: bigint;
};

/** Publishes a version once; throws `chain/differs` if that version has another root or count. */
export async function publishSnapshot(
	ledger: Ledger,
	owner: LocalAccount,
	{ datanetId, root, rowCount, version: asked, tombstones: considered }: PublishSnapshot,
): Promise<Done<{ readonly version: number }>> {
	const version = asked ?? (await chooseVersion(ledger, { datanetId, root, rowCount }));
	const find = async () => {
		const snapshot = await readSnapshot(ledger, datanetId, version);
		const what = `snapshot ${version} of datanet ${datanetId}`;
		if (snapshot !== undefined && snapshot.root !== root) throw differs(what, "root", snapshot.root, root);
		if (snapshot !== undefined && snapshot.rowCount !== rowCount) {
			throw differs(what, "rowCount", snapshot.rowCount, rowCount);
		}
		return snapshot;
	};
	const { datanetRegistry: address } = ledger.addresses;
	const { sent } = await once(find, async () => {
		const tombstones = considered ?? (await readDatanet(ledger, datanetId))?.tombstones ?? 0n;
		return await writeContract(ledger, owner, {
			address,
			abi: datanetRegistryAbi,
			functionName: "snapshot",
			args: [datanetId, root, rowCount, version, tombstones],
		});
	});
	return { version, sent };
}

async function chooseVersion(ledger: Ledger, wanted: Omit<PublishSnapshot, "version" | "tombstones">): Promise<number> {
	const latest = (await readDatanet(ledger, wanted.datanetId))?.latestVersion ?? 0;
	const snapshot = await readSnapshot(ledger, wanted.datanetId, latest);
	return snapshot?.root === wanted.root && snapshot.rowCount === wanted.rowCount ? latest : latest + 1;
}
