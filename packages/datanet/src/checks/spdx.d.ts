// The one function of spdx-expression-parse, which brings no types.
declare module "spdx-expression-parse" {
	export default function parse(expression: string): unknown;
}
