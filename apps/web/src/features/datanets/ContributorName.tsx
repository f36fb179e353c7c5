// A contributor: by the name that the node knows, or by the address of its own wallet.

import type { Address } from "viem";
import { visibleText } from "../../shared/format/visibleText.js";
import { Hash } from "../../shared/ui/Hash.js";

export function ContributorName({ name, account }: { readonly name: string; readonly account: Address }) {
	const isOwn = name.toLowerCase() === account.toLowerCase();
	const shown = isOwn ? {} : { name: visibleText(name, { max: 40 }) };
	return <Hash value={account} href={`/earnings/${account}`} copy={isOwn} {...shown} />;
}
