// An order as the engine takes it, and its answer by the engine alone. It stands in the llm room, where verifiers reach it that serve nobody.

export { answerRequest, generateCanonically, promptOf } from "@openledger/llm";
