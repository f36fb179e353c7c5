// What the connected wallet began to contribute and did not sign to the end.

import { useState } from "react";
import type { Hex } from "viem";
import { hasToken } from "../../../shared/api/token.js";
import { formatCount } from "../../../shared/format/open.js";
import { Button } from "../../../shared/ui/Button.js";
import { Card } from "../../../shared/ui/Card.js";
import { Countdown } from "../../../shared/ui/Countdown.js";
import { Hash } from "../../../shared/ui/Hash.js";
import { useWallet } from "../../../shared/wallet/useWallet.js";
import type { Datanet } from "../types.js";
import { useDrafts } from "../useDatanets.js";
import { SignByWallet } from "./SignByWallet.js";

export function OpenDrafts({ datanet }: { readonly datanet: Datanet }) {
	const { address } = useWallet();
	const { data = [] } = useDrafts(datanet.name, address);
	const [chosen, setChosen] = useState<{ readonly id: Hex; readonly rows: number }>();
	if (!hasToken() || (data.length === 0 && chosen === undefined)) return null;
	return (
		<Card title="Begun and not signed to the end">
			{chosen === undefined ? (
				<ul className="flex flex-col gap-2 text-sm">
					{data.map(({ contributionId, rowCount, expiresAt }) => (
						<li key={contributionId} className="flex flex-wrap items-center gap-3">
							<Hash value={contributionId} />
							<span>{formatCount(rowCount)} rows</span>
							<span className="text-soft">
								forgotten <Countdown to={expiresAt} />
							</span>
							<Button onClick={() => setChosen({ id: contributionId, rows: rowCount })}>Go on signing</Button>
						</li>
					))}
				</ul>
			) : (
				<SignByWallet datanet={datanet} source={{ draftId: chosen.id }} accepted={chosen.rows} offered={chosen.rows} />
			)}
		</Card>
	);
}
