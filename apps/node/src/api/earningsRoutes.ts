// What an account earned over HTTP: its sums, rows and answers, the proof to claim with, and a statement.

import { CallerError, type Hex } from "@openledger/protocol";
import { Hono } from "hono";
import type { NodeParts } from "../parts.js";
import { listEarnedAnswers, listEarnedRows } from "../settlement/listEarned.js";
import { proveReward } from "../settlement/proveReward.js";
import { readEarner } from "../settlement/readEarner.js";
import { openStatement } from "../settlement/writeStatement.js";
import { json } from "./json.js";
import { accountOf, limitOf, numberOf } from "./params.js";

const LIST = { usual: 50, most: 500 } as const;
const MAX_INT = 2 ** 31 - 1;

export function earningsRoutes(parts: NodeParts): Hono {
	const app = new Hono();
	app.get("/rewards/:account", async (c) => json(c, await readEarner(parts, accountOf(c))));
	app.get("/rewards/:account/proof", async (c) => json(c, await proveReward(parts, accountOf(c))));
	app.get("/rewards/:account/rows", async (c) => json(c, await listEarnedRows(parts, accountOf(c), limitOf(c, LIST))));
	app.get("/rewards/:account/answers", async (c) => {
		const row = c.req.query("row");
		if (row !== undefined && !/^0x[0-9a-f]{64}$/.test(row))
			throw new CallerError("?row= must be a row's commitment, 0x and 64 hex digits", { code: "api/bad-query" });
		const asked = { limit: limitOf(c, LIST), before: numberOf(c, "before", 0, MAX_INT), row: row as Hex | undefined };
		return json(c, { answers: await listEarnedAnswers(parts, accountOf(c), asked) });
	});
	app.get("/rewards/:account/statement.csv", async (c) => {
		const account = accountOf(c);
		const fromEpoch = numberOf(c, "from", 1, MAX_INT) ?? 1;
		const toEpoch = numberOf(c, "to", 1, MAX_INT) ?? MAX_INT;
		const lines = await openStatement(parts, account, { fromEpoch, toEpoch });
		return c.body(streamOf(lines), 200, {
			"content-type": "text/csv; charset=utf-8",
			"content-disposition": `attachment; filename="openledger-${account}.csv"`,
			"cache-control": "no-store",
		});
	});
	return app;
}

/** As the reader takes it; a reader who leaves ends the reading too. */
function streamOf(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
	const encoder = new TextEncoder();
	return new ReadableStream({
		async pull(controller) {
			const { value, done } = await lines.next();
			if (done) controller.close();
			else controller.enqueue(encoder.encode(value));
		},
		async cancel() {
			await lines.return(undefined);
		},
	});
}
