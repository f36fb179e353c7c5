// To the earnings of any address, and to one's own.

import { type FormEvent, useState } from "react";
import { isAddress } from "viem";
import { useLocation } from "wouter";
import { Button, ButtonLink } from "../../shared/ui/Button.js";
import { useWallet } from "../../shared/wallet/useWallet.js";

export function FindAccount() {
	const [, go] = useLocation();
	const { address } = useWallet();
	const [text, setText] = useState("");
	const isWrong = text.trim() !== "" && !isAddress(text.trim(), { strict: false });
	const open = (event: FormEvent) => {
		event.preventDefault();
		if (text.trim() !== "" && !isWrong) go(`/earnings/${encodeURIComponent(text.trim().toLowerCase())}`);
	};
	return (
		<form onSubmit={open} className="flex flex-wrap items-center gap-2">
			<input
				aria-label="Address of an account"
				aria-invalid={isWrong}
				placeholder="0x… of any account"
				value={text}
				maxLength={42}
				onChange={(event) => setText(event.target.value)}
				className="min-h-9 w-56 max-w-full rounded-lg border border-line bg-card px-3 py-1 text-sm placeholder:text-soft aria-invalid:border-bad"
			/>
			<Button type="submit" disabled={isWrong}>
				Show
			</Button>
			{address !== undefined && <ButtonLink href={`/earnings/${address.toLowerCase()}`}>My earnings</ButtonLink>}
		</form>
	);
}
