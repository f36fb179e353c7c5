// The command line from its sources, as a program of its own.

import { main } from "@openledger/cli";

process.exitCode = await main(process.argv.slice(2));
