// A datanet as Croissant 1.1 metadata (JSON-LD), which dataset search engines and loaders read. It must not know how the files came
// about. Source: mlcommons.org/croissant/1.1.
import { checkFacts, type DatanetFacts, type DatanetFile, languagesOf } from "./datanetFacts.js";

const CONTEXT = {
	"@language": "en",
	"@vocab": "https://schema.org/",
	arrayShape: "cr:arrayShape",
	citeAs: "cr:citeAs",
	column: "cr:column",
	conformsTo: "dct:conformsTo",
	containedIn: "cr:containedIn",
	cr: "http://mlcommons.org/croissant/",
	data: { "@id": "cr:data", "@type": "@json" },
	dataType: { "@id": "cr:dataType", "@type": "@vocab" },
	dct: "http://purl.org/dc/terms/",
	description: { "@container": "@language" },
	equivalentProperty: "cr:equivalentProperty",
	examples: { "@id": "cr:examples", "@type": "@json" },
	extract: "cr:extract",
	field: "cr:field",
	fileObject: "cr:fileObject",
	fileProperty: "cr:fileProperty",
	fileSet: "cr:fileSet",
	format: "cr:format",
	includes: "cr:includes",
	isArray: "cr:isArray",
	isLiveDataset: "cr:isLiveDataset",
	jsonPath: "cr:jsonPath",
	key: "cr:key",
	md5: "cr:md5",
	name: { "@container": "@language" },
	parentField: "cr:parentField",
	path: "cr:path",
	rai: "http://mlcommons.org/croissant/RAI/",
	recordSet: "cr:recordSet",
	references: "cr:references",
	regex: "cr:regex",
	repeated: "cr:repeated",
	replace: "cr:replace",
	samplingRate: "cr:samplingRate",
	sc: "https://schema.org/",
	separator: "cr:separator",
	source: "cr:source",
	subField: "cr:subField",
	transform: "cr:transform",
} as const;

const TYPES = { text: "sc:Text", integer: "sc:Integer" } as const;

/** The metadata as plain JSON; throws `datanet/bad-facts`. */
export function croissant(facts: DatanetFacts): Readonly<Record<string, unknown>> {
	const { name, description, licence, url, owner, published, version, files, tombstones } = checkFacts(facts);
	const languages = languagesOf(facts);
	return {
		"@context": CONTEXT,
		"@type": "sc:Dataset",
		conformsTo: "http://mlcommons.org/croissant/1.1",
		name,
		description,
		url,
		license: licenceUrl(licence),
		creator: { "@type": "sc:Person", name: owner },
		datePublished: published,
		version,
		...(languages.length > 0 && { inLanguage: languages }),
		isLiveDataset: true,
		citeAs: `${name}, version ${version}. ${url}`,
		keywords: ["datanet", "attribution", ...(tombstones > 0 ? ["erasures applied"] : [])],
		distribution: files.map(fileObject),
		recordSet: files.map(recordSet),
	};
}

/** SPDX has a page for every identifier; an expression of several is told as it stands. */
function licenceUrl(licence: string): string {
	return /^[A-Za-z0-9.+-]+$/.test(licence) ? `https://spdx.org/licenses/${licence}.html` : licence;
}

function fileObject({ name, description, contentUrl, bytes, sha256 }: DatanetFile) {
	return {
		"@type": "cr:FileObject",
		"@id": name,
		name,
		description,
		contentUrl,
		contentSize: `${bytes} B`,
		encodingFormat: "application/jsonlines",
		sha256,
	};
}

function recordSet({ name, description, columns }: DatanetFile) {
	const id = name.replace(/\.[a-z]+$/, "");
	return {
		"@type": "cr:RecordSet",
		"@id": id,
		name: id,
		description,
		field: columns.map((column) => ({
			"@type": "cr:Field",
			"@id": `${id}/${column.name}`,
			name: `${id}/${column.name}`,
			description: column.description,
			dataType: TYPES[column.type],
			source: { fileObject: { "@id": name }, extract: { column: column.name } },
		})),
	};
}
