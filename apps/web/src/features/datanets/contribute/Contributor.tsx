// Who contributes: one's own wallet, or a contributor whose key the node keeps.

import { hasToken } from "../../../shared/api/token.js";
import { SelectField, TextField } from "../../../shared/ui/Field.js";
import { Hash } from "../../../shared/ui/Hash.js";
import { Notice } from "../../../shared/ui/Notice.js";
import { useWallet } from "../../../shared/wallet/useWallet.js";
import { NO_TOKEN } from "../noToken.js";

export type Signer = "wallet" | "node";

export const isName = (name: string): boolean =>
	name.length <= 40 && /^[a-z0-9._-]+(?: [a-z0-9._-]+)*$/.test(name) && !name.startsWith("0x");

type ContributorProps = {
	readonly signer: Signer;
	readonly name: string;
	readonly disabled: boolean;
	readonly onSigner: (signer: Signer) => void;
	readonly onName: (name: string) => void;
};

export function Contributor({ signer, name, disabled, onSigner, onName }: ContributorProps) {
	const { address, walletName } = useWallet();
	return (
		<div className="flex flex-col gap-2">
			{!hasToken() && <Notice tone="warn">{NO_TOKEN}</Notice>}
			<div className="grid gap-x-4 sm:grid-cols-2">
				<SelectField
					label="Contribute with"
					value={signer}
					disabled={disabled}
					onChange={(event) => onSigner(event.target.value as Signer)}
					hint={
						signer === "wallet"
							? "The rows are your address's; only your wallet signs, and only it is paid"
							: "The node keeps this contributor's key and signs for it"
					}
				>
					<option value="wallet">My own wallet</option>
					<option value="node">A development account of this node</option>
				</SelectField>
				{signer === "node" ? (
					<TextField
						label="Contributor's name"
						maxLength={40}
						autoComplete="off"
						value={name}
						disabled={disabled}
						onChange={(event) => onName(event.target.value.toLowerCase())}
						error={name === "" || isName(name) ? undefined : "Use 1 to 40 of a–z, 0–9, dots, dashes and single spaces"}
						hint="A new name makes a new contributor"
					/>
				) : (
					<div className="text-sm">
						<div className="font-medium">Contributor</div>
						<div className="mt-1.5">
							{address === undefined ? (
								<span className="text-soft">No wallet is connected: the button is at the top of the page.</span>
							) : (
								<>
									<Hash value={address} /> <span className="text-soft">{walletName}</span>
								</>
							)}
						</div>
					</div>
				)}
			</div>
		</div>
	);
}
