// Governance over HTTP: proposals, what they would do, and what an account may say. Voting itself is each wallet's own transaction.

import { type Action, readAllocation, readParameters, readVoter, simulateActions } from "@openledger/chain";
import { Hono } from "hono";
import { readActions } from "../governance/readActions.js";
import { findProposal, listProposals, showProposal } from "../governance/showProposal.js";
import type { NodeParts } from "../parts.js";
import { json } from "./json.js";
import { accountOf, limitOf, numberOf } from "./params.js";

const LIST = { usual: 50, most: 200 } as const;

export function governanceRoutes(parts: NodeParts): Hono {
	const { ledger } = parts;
	const simulate = (actions: readonly Action[]) => {
		const name = actions.map(({ target, valueWei, data }) => `${target} ${valueWei} ${data}`).join();
		return parts.heavy(`simulation ${name}`, () => simulateActions(ledger, actions));
	};
	const app = new Hono();
	app.get("/governance", async (c) =>
		json(c, await listProposals(parts, { limit: limitOf(c, LIST), before: numberOf(c, "before", 1, 2 ** 31) })),
	);
	app.get("/governance/constants", async (c) => json(c, { constants: await readParameters(ledger) }));
	app.get("/governance/allocation", async (c) => json(c, await readAllocation(ledger)));
	// What was not proposed yet: ?set=key=value and ?call=contract.function(…), each as often as wanted.
	app.get("/governance/simulation", async (c) => {
		const actions = readActions(parts, { set: c.req.queries("set") ?? [], call: c.req.queries("call") ?? [] });
		return json(c, { actions, simulation: await simulate(actions) });
	});
	app.get("/governance/voters/:account", async (c) => {
		const asked = c.req.query("proposal");
		const proposal = asked === undefined ? undefined : await findProposal(parts, asked);
		return json(c, await readVoter(ledger, accountOf(c), proposal));
	});
	app.get("/governance/:id{[0-9]+}", async (c) => json(c, await showProposal(parts, c.req.param("id"))));
	app.get("/governance/:id{[0-9]+}/simulation", async (c) => {
		const { actions } = await findProposal(parts, c.req.param("id"));
		return json(c, { simulation: await simulate(actions) });
	});
	return app;
}
