import fc from "fast-check";
import { expect, test } from "vitest";
import { ModelError } from "../errors.js";
import { parseShardIndex, shardFiles } from "./shardIndex.js";

test("files come in the order of their names, each once", () => {
	const map = parseShardIndex({ weight_map: { a: "m-2.safetensors", b: "m-1.safetensors", c: "m-2.safetensors" } });
	expect(shardFiles(map)).toEqual(["m-1.safetensors", "m-2.safetensors"]);
});

test.each(["../m.safetensors", "a/m.safetensors", "m.bin", ".safetensors", "m.safetensors\0", "", 3, null])(
	"a file named %j is refused",
	(name) => {
		expect(() => parseShardIndex({ weight_map: { a: name } })).toThrow(ModelError);
	},
);

test("any JSON gives a map or a ModelError", () => {
	const read = (json: unknown) => {
		try {
			parseShardIndex(json);
		} catch (error) {
			expect(error).toBeInstanceOf(ModelError);
		}
	};
	fc.assert(
		fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()), (json, map) => {
			read(json);
			read({ weight_map: json });
			read({ weight_map: map });
		}),
	);
});
