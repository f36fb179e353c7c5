// Tabs, by Radix: arrow keys move between them. Which one is open stands in the address, so that it can be linked.

import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { useSearchParams } from "wouter";

type Tab = { readonly id: string; readonly label: ReactNode; readonly content: ReactNode };
type TabsProps = { readonly label: string; readonly tabs: readonly Tab[]; readonly param?: string };

export function Tabs({ label, tabs, param = "tab" }: TabsProps) {
	const [search, setSearch] = useSearchParams();
	const asked = search.get(param);
	const open = tabs.find(({ id }) => id === asked)?.id ?? tabs[0]?.id ?? "";
	const choose = (id: string) =>
		setSearch(
			(before) => {
				before.set(param, id);
				return before;
			},
			{ replace: true },
		);
	return (
		<Radix.Root value={open} onValueChange={choose}>
			<Radix.List aria-label={label} className="mb-4 flex gap-1 overflow-x-auto border-b border-line">
				{tabs.map(({ id, label: text }) => (
					<Radix.Trigger
						key={id}
						value={id}
						className="border-b-2 border-transparent px-3 py-2 text-sm font-medium whitespace-nowrap text-soft data-[state=active]:border-accent data-[state=active]:text-ink"
					>
						{text}
					</Radix.Trigger>
				))}
			</Radix.List>
			{tabs.map(({ id, content }) => (
				<Radix.Content key={id} value={id}>
					{content}
				</Radix.Content>
			))}
		</Radix.Root>
	);
}
