// That the gas figures are of what they say: they add up, do not depend on the run, and a channel pays off.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GasLedger, measureChannelGas, openGasLedger } from "./gas.js";

let opened: GasLedger;
beforeAll(async () => {
	opened = await openGasLedger();
});
afterAll(() => opened?.close());

test("default: a channel's cost is shared by its requests", async () => {
	const ten = await measureChannelGas(opened.ledger, 10);
	const hundred = await measureChannelGas(opened.ledger, 100);
	for (const gas of [ten, hundred]) {
		expect(gas.perRequest).toBe(Math.round((gas.deposit + gas.claim + gas.settle + gas.collectSum) / gas.requests));
		expect(gas.perRequest).toBeLessThan(gas.perRequestEach);
	}
	expect(hundred.perRequest * 8).toBeLessThan(ten.perRequest);
	expect(hundred.perRequest * 20).toBeLessThan(hundred.exactPerRequest);
	expect(Math.abs(hundred.deposit - ten.deposit)).toBeLessThan(20_000);
});
