import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hex } from "@openledger/protocol";
import { afterAll, describe, expect, test } from "vitest";
import { type ChannelState, type ChannelStore, memoryChannelStore, openFileChannelStore } from "./channelStore.js";

const folder = mkdtempSync(join(tmpdir(), "openledger-store-"));
afterAll(() => rmSync(folder, { recursive: true }));

const channelId = (n: number): Hex => `0x${String(n).padStart(64, "0")}`;
const address = `0x${"11".repeat(20)}` as const;
const config = {
	...{ payer: address, payerAuthorizer: address, receiver: address, receiverAuthorizer: address, token: address },
	withdrawDelay: 900,
	salt: channelId(0),
};
const state = (n: number, changes: Partial<ChannelState> = {}): ChannelState => ({
	...{ channelId: channelId(n), network: "eip155:1", url: "http://node", config },
	...{ balanceWei: "3", chargedWei: "1", signedWei: "2" },
	...changes,
});

const stores: Record<string, () => ChannelStore> = {
	memory: memoryChannelStore,
	files: () => openFileChannelStore(join(folder, "files")),
};
describe.each(Object.entries(stores))("%s", (_name, open) => {
	test("default: what is set is got, listed, replaced and deleted", async () => {
		const store = open();
		expect([await store.get(channelId(1)), await store.list()]).toEqual([undefined, []]);
		await store.set(state(1));
		await store.set(state(2, { open: [{ digest: channelId(9), header: "h" }] }));
		await store.set(state(1, { chargedWei: "2" }));
		expect(await store.get(channelId(1))).toEqual(state(1, { chargedWei: "2" }));
		expect((await store.list()).map((it) => it.channelId).sort()).toEqual([channelId(1), channelId(2)]);
		await store.delete(channelId(1));
		await store.delete(channelId(1));
		expect(await store.get(channelId(1))).toBeUndefined();
	});
});

test("behavior: files outlive the store; one that was being written when the process died is not read", async () => {
	const place = join(folder, "kept");
	await openFileChannelStore(place).set(state(3));
	writeFileSync(join(place, `${channelId(4)}.json.new`), '{"half');
	expect(await openFileChannelStore(place).list()).toEqual([state(3)]);
	expect(readdirSync(place)).toHaveLength(2);
});
