// The governed constants, each with the bounds that no vote can leave.

import { formatParameter, meaningOf } from "../../shared/format/parameter.js";
import { ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { Table } from "../../shared/ui/Table.js";
import { inWords } from "./contracts.js";
import { useParameters } from "./useNetwork.js";

export function ParametersTab() {
	const parameters = useParameters();
	return (
		<Card title="Governed constants" aside={<ButtonLink href="/governance">Propose a change</ButtonLink>}>
			<QueryView query={parameters} lines={30}>
				{(found) => (
					<Table
						caption="Governed constants"
						rows={found.parameters}
						keyOf={({ key }) => key}
						columns={[
							{
								head: "Constant",
								cell: ({ key }) => <Constant name={key} />,
							},
							{
								head: "Now",
								align: "right",
								cell: ({ key, value }) => (
									<b className="font-medium whitespace-nowrap">{formatParameter(key, value)}</b>
								),
							},
							{ head: "At least", align: "right", cell: ({ key, min }) => <Bound name={key} value={min} /> },
							{ head: "At most", align: "right", cell: ({ key, max }) => <Bound name={key} value={max} /> },
						]}
					/>
				)}
			</QueryView>
		</Card>
	);
}

function Bound({ name, value }: { readonly name: string; readonly value: string }) {
	return <span className="whitespace-nowrap text-soft">{formatParameter(name, value)}</span>;
}

function Constant({ name }: { readonly name: string }) {
	const words = inWords(name.replace(/(Seconds|Wei|Ppm|Percent)$/, ""));
	return (
		<>
			<b className="font-medium" title={name}>
				{words}
			</b>
			<span className="block text-soft">{meaningOf(name)}</span>
		</>
	);
}
