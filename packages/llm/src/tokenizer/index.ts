export { createTokenizer, type Tokenizer } from "./createTokenizer.js";
export type { TextPart } from "./encodeParts.js";
export { TokenizerError, type TokenizerErrorCode } from "./errors.js";
export { loadTokenizer } from "./loadTokenizer.js";
export { splitWords } from "./splitWords.js";
export { type TokenizerFiles, type TokenizerFilesOptions, tokenizerFiles } from "./tokenizerFiles.js";
export { type BpeModel, type TrainBpeOptions, trainBpe } from "./trainBpe.js";
