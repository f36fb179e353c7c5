// The contracts, with their addresses.

import { useStatus } from "../../shared/api/useStatus.js";
import { Card } from "../../shared/ui/Card.js";
import { Hash } from "../../shared/ui/Hash.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { Table } from "../../shared/ui/Table.js";
import { CONTRACTS, titleOf } from "./contracts.js";

export function ContractsTab() {
	const status = useStatus();
	return (
		<Card title="Contracts" aside="their addresses follow from their code">
			<QueryView query={status} lines={13}>
				{({ addresses, chainId }) => (
					<>
						<Table
							caption="Contracts"
							rows={Object.entries(addresses)}
							keyOf={([key]) => key}
							columns={[
								{ head: "Contract", cell: ([key]) => <Contract name={key} /> },
								{ head: "Address", cell: ([, address]) => <Hash value={address} /> },
							]}
						/>
						<p className="mt-3 text-sm text-soft">
							Chain {chainId}; programs and wallets reach it through this node, at {location.origin}/rpc.
						</p>
					</>
				)}
			</QueryView>
		</Card>
	);
}

function Contract({ name }: { readonly name: string }) {
	return (
		<>
			<b className="font-medium">{titleOf(name)}</b>
			<span className="block text-soft">{CONTRACTS[name]?.what}</span>
		</>
	);
}
