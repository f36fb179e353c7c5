// The command line: `main` takes arguments and returns an exit code. Nothing runs at import.

export { main } from "./main.js";
