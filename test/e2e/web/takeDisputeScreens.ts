// Carries a dispute through on a small node of its own and takes what people see on the way at both widths into docs/screens:
//   npx tsx --conditions=source test/e2e/web/takeDisputeScreens.ts

import { fileURLToPath } from "node:url";
import { connect } from "@openledger/chain";
import { openKeystore } from "../../../apps/node/src/home/keystore.js";
import { smallWorld } from "../../../apps/node/src/testing/smallWorld.js";
import { findChromium } from "../../sameBits/inChromium.js";
import { buildPage } from "./buildPage.js";
import { DISPUTE_ACCOUNTS, disputeByHand, type Moment } from "./disputeByHand.js";
import { injectWallet } from "./injectedWallet.js";
import { DESK, openBrowser, PHONE, visit } from "./openBrowser.js";
import { nodePrograms } from "./runNode.js";
import { saveScreen } from "./saveScreen.js";

const folder = fileURLToPath(new URL("../../../docs/screens/", import.meta.url));
const SHOTS: Readonly<Partial<Record<Moment, string>>> = {
	challenged: "dispute-challenged",
	sealing: "dispute",
	refused: "dispute-refused",
};

const built = await buildPage();
const [programs, world, browser] = await Promise.all([
	nodePrograms(),
	smallWorld({ stage: "nothing" }),
	openBrowser(findChromium()!),
]);
const { log: _, ...config } = world.config;
const node = await programs.start({ ...config, webFolder: built.folder, windows: "by-hand" });
const { chainUrl, chainId, addresses } = await (await fetch(`${node.url}/api/status`)).json();
const ledger = { client: await connect({ url: chainUrl, chainId }), addresses };
const keys = openKeystore(config.home, config.seed);
const visitor = await visit(browser);
const { page } = visitor;
const wallet = await injectWallet(visitor.context, { rpcUrl: `${node.url}/rpc`, chainId, accounts: DISPUTE_ACCOUNTS });

async function onMoment(moment: Moment): Promise<void> {
	const name = SHOTS[moment];
	if (name === undefined) return;
	for (const { width, height } of [PHONE, DESK]) {
		await page.setViewportSize({ width, height });
		// A phone shows facts and actions one below the other.
		const heading = width < DESK.width ? "Challenge" : "The contribution";
		const found = `[...document.querySelectorAll("main h2, main h3")].find((one) => one.textContent === "${heading}")`;
		await page.evaluate(`${found}.scrollIntoView()`);
		await page.waitForTimeout(500);
		await saveScreen(page, folder, `${name}-${width}.jpg`);
	}
}

const people = { treasury: keys.account("treasury"), owner: keys.address("owner") };
await disputeByHand({ visitor, wallet, node, ledger, ...people, onMoment });
await browser.close();
await programs.close();
world.remove();
built.remove();
