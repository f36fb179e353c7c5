import { smallWorld } from "../../../apps/node/src/testing/smallWorld.js";
import { findChromium } from "../../sameBits/inChromium.js";
import { lookAtPages } from "./lookAtPages.js";
import { DESK, openBrowser, PHONE } from "./openBrowser.js";
import { nodePrograms } from "./runNode.js";
const world = await smallWorld({ isNew: true });
const { log: _, ...config } = world.config;
const programs = await nodePrograms();
const node = await programs.start({ ...config, webFolder: "/tmp/web-DISPUTE" }, { mainJob: true });
const { url, token } = node;
const get = async (path: string) => await (await fetch(`${url}/api${path}`)).json();
await fetch(`${url}/api/datanets`, { method: "POST", headers: { authorization: `Bearer ${token}` }, body: JSON.stringify({ name: "open-one", rule: "open", stakePerRowWei: "1000" }) });
await fetch(`${url}/api/datanets/open-one/contributions`, { method: "POST", headers: { authorization: `Bearer ${token}` }, body: JSON.stringify({ contributor: "ada", format: "jsonl", content: '{"prompt":"What is a gull?","response":"A bird of the sea."}' }) });
const [{ datanets }, { models }, { receipts }, { jobs }, { wallets }, { epochs }, { reviews }] = await Promise.all(["/datanets", "/models", "/receipts", "/jobs", "/wallets", "/network/epochs", "/reviews"].map(get));
const d = `/datanets/${datanets[0].id}`; const m = `/models/${models[0].id}`;
const paths = ["/", "/datanets", "/datanets?tab=reviews", `/datanets?tab=reviews&contribution=${reviews[0].id}`, d, ...["contribute", "rows", "contributors", "quality", "reviews", "card"].map((t) => `${d}?tab=${t}`), "/models", "/models/new", "/models/compare", m, `${m}?tab=lineage`, `/models/runs/${jobs[0].id}`, "/playground", "/receipts", `/receipts/${receipts[0].id}`, "/earnings", `/earnings/${wallets.at(-1).address}`, "/stake", `/stake?of=${wallets[1].address}`, "/governance", "/governance?tab=constants", "/network", ...["epochs", "nodes", "disputes", "parameters", "contracts"].map((t) => `/network?tab=${t}`), "/network/blocks/3", `/network/epochs/${epochs[0].epoch}`, "/search?q=ada", "/nothing/here"];
const browser = await openBrowser(findChromium()!);
for (const size of [PHONE, DESK]) for (const scheme of ["light", "dark"] as const) {
  const found = await lookAtPages(browser, `${url}/#token=${token}`, paths, { ...size, scheme });
  console.log(size.width, scheme, paths.length, found.length === 0 ? "nothing found" : found);
}
await browser.close(); await programs.close(); world.remove(); process.exit(0);
