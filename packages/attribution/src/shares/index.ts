export { type AttributedRow, contributorShares, excess, type Shares, sharesOf } from "./shares.js";
