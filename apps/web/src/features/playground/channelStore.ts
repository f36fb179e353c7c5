// The channels of this browser, in localStorage: no secret, but what a payer must not forget. Another tab sees them too.

import type { ChannelState, ChannelStore } from "@openledger/sdk";

const PREFIX = "openledger.channel.";

export function browserChannelStore(chain: string): ChannelStore {
	const nameOf = (id: string) => `${PREFIX}${chain}.${id}`;
	const read = (name: string): ChannelState | undefined => {
		const text = localStorage.getItem(name);
		return text === null ? undefined : (JSON.parse(text) as ChannelState);
	};
	return {
		get: async (id) => read(nameOf(id)),
		set: async (state) => localStorage.setItem(nameOf(state.channelId), JSON.stringify(state)),
		delete: async (id) => localStorage.removeItem(nameOf(id)),
		async list() {
			const names = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i)!);
			return names
				.filter((name) => name.startsWith(nameOf("")))
				.sort()
				.map((name) => read(name)!);
		},
	};
}
