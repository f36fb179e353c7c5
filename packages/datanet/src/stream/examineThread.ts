// The thread of openExaminer: makes the same pipeline from the same policy, then examines every list of rows that it is given.

import { parentPort, workerData } from "node:worker_threads";
import { createPipeline, type IntakePolicy } from "../pipeline/createPipeline.js";
import type { FileRow } from "../reading/checkRow.js";
import type { FromThread } from "./openExaminer.js";

const say = (message: FromThread) => parentPort!.postMessage(message);
const lists: (readonly FileRow[])[] = [];
// Heard from the first moment on; what comes before the pipeline is there waits for it.
parentPort!.on("message", (rows: readonly FileRow[]) => void lists.push(rows));
const pipeline = await createPipeline(workerData as IntakePolicy);
say({ ready: pipeline.digest });
const examine = (rows: readonly FileRow[]) => say({ found: rows.map((row) => pipeline.examine(row)) });
parentPort!.removeAllListeners("message").on("message", examine);
for (const rows of lists) examine(rows);
