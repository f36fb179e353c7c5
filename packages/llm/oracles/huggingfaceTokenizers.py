"""Small tokenizers of every kind that packages/llm reads, and what Hugging Face's own library makes of hard texts with them.

Outside witness for packages/llm/src/tokenizer; needs `pip install tokenizers`. Trains on the few lines below; downloads nothing. Usage:
    python packages/llm/oracles/huggingfaceTokenizers.py packages/llm/src/tokenizer/goldens
writes texts.golden.json and one KIND.golden.json a kind: the tokenizer.json, and for every text its ids, its ids with special tokens taken for
ordinary text where they differ, and the text decoded where it is not the text itself.
"""
import json
import pathlib
import random
import sys

import tokenizers
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

out = pathlib.Path(sys.argv[1])
SPECIAL = ["<|pad|>", "<|user|>", "<|assistant|>", "<|end|>"]

LESSON = """
The lighthouse keeper counted 12 ships on Monday, 345 on Tuesday and none at all on the 6th of May 1789.
It's raining, isn't it? We've packed; they'll come, I'm sure, if you'd wait. IT'S LOUD. WE'VE WON.
def area(width, height):\n    return width * height\n\n\tif area(3, 4) != 12:\n\t\traise ValueError("no")
The rain in the harbour, the harbour in the rain; the keeper of the light, the light of the keeper.
Señora Núñez preguntó: ¿dónde está el café? À bientôt, dit le garçon. Straße, Größe, Übermut.
Маяк стоит на берегу моря. Смотритель считает корабли. 灯台守は船を数える。東京の港。 항구의 등대.
المنارة على شاطئ البحر. המגדלור על החוף. समुद्र के किनारे। 👍🏽 👩‍🚀 🇵🇪
""" * 4

HAND = [
    "", " ", "  ", "   a", "a   ", "a  b   c", "\n", "\n\n\n", " \n \n", "\t\tif x:\n    y\n", "a\r\nb\r\n\r\nc", "\r", "a \n", "  \n  a",
    "The capital of Peru is Lima.", "It's WE'VE they'Ll I'M you'd 'tis 'S 's", "don't; can't; o'clock; 'ſ x'ſt", "rock'n'roll 're're",
    "0 1 12 123 1234 12345 123456 3.14159 1,000,000 ½ ² Ⅷ ١٢٣ १२३ 五 ௰", "v2.0.1-rc3", "a1b22c333", " 7 77  777",
    "naïve café Łódź Übermut Straße", "cafe\u0301 n\u0303 a\u030a\u0323", "\u0301a \u0308", "Å Å Å Ω Ω", "가각 각 ᄒ",
    "東京の港、灯台守。", "混ぜmixed文字text", "שלום עולם", "مرحبا بالعالم، كيف ١٢٣", "हिन्दी में किताबें", "ไทยไม่มีช่องว่าง",
    "🦜👍🏽👩‍🚀👨‍👩‍👧‍👦🇵🇪🏳️‍🌈", " 🦜 🦜", "\u200d\u200b\u2060 x", "\u0000\u0001\u001f\u007f", "a\u0085b\u2028c\u2029d", "\u00a0\u3000\u2003x \u1680", "\ufeffBOM\ufeff",
    "\u180e \u200b \u200e", "\ufffd \uffff \U0010ffff", "\ue000private\uf8ff", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐐷 𝟘𝟙𝟚", "ǅ ʰ ª º ٠ ⁰ ₁ 〇 Ⅻ",
    "...!!!???  --- ___ @@@ ###", "(a)[b]{c}<d>", "http://example.org/?q=1&r=%20#x", "a_b-c+d=e", "“quoted” ‘single’ — dash…", "'", "''", "' s", "'sx", "x's's",
    "<|user|>Hi<|end|>", "<|user|> Hi <|end|> ", "<|user|><|user|>", "<|use|><|end", "a<|end|>b", "<|END|>", " <|pad|> ", "<|user|><|assistant|>\n\n<|end|>\n",
    "<think>\nhm\n</think>\n", "<s>a</s>", "<s> a", "<unk>", "▁", "▁▁a▁b", " ▁ a", "<0x0A>", "<0x41>b", "a" * 70, "ab" * 40, " " * 70, "\n" * 33, "é" * 33, "0" * 33,
    "[MASK] [MASK]x x[MASK]", "the  [MASK]  the", "word words sword word.", "left [L] right", "a [R]  b", "<tool a>", "x<tool a>y <tool a> z", "<s><tool a>", "がさ かさ か\u3099さ",
]
PIECES = SPECIAL + [
    "<think>", "<s>", "</s>", "▁", " ", "  ", "\n", "\r\n", "\t", "\u00a0", "'s", "'LL", "the", " harbour", "The", "keeper", "12", "3", "1789", "é", "e\u0301", "東京",
    "港", "🦜", "👩‍🚀", ".", ",", "!?", "_", "العربية", "ß", "İ", "ﬁ", "٣", "\u200d", "\u0000", "(", "  return", "[MASK]", "word", "か\u3099", "さ",
]
draw = random.Random(20)
TEXTS = HAND + ["".join(draw.choice(PIECES) for _ in range(draw.randint(2, 12))) for _ in range(90)]

GPT4 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{%s}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
LLAMA3 = GPT4 % "1,3"
QWEN2 = GPT4.replace("{%s}", "")
BYTES = [f"<0x{i:02X}>" for i in range(256)]


def level(use_regex):
    return pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=use_regex)


def learn(before, size, special, normalizer=None, alphabet=None):
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = before
    if normalizer is not None:
        t.normalizer = normalizer
    t.decoder = decoders.ByteLevel()
    letters = pre_tokenizers.ByteLevel.alphabet() if alphabet is None else alphabet
    t.train_from_iterator([LESSON], trainers.BpeTrainer(vocab_size=size, special_tokens=special, initial_alphabet=letters, show_progress=False))
    return json.loads(t.to_str())


def added(id, content, **flags):
    usual = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {"id": id, "content": content, **(usual | flags)}


def template(name, id):
    pieces = lambda *names: [({"Sequence": {"id": n, "type_id": 0}} if n in "AB" else {"SpecialToken": {"id": n, "type_id": 0}}) for n in names]
    return {
        "type": "TemplateProcessing",
        "single": pieces(name, "A"),
        "pair": pieces(name, "A", name, "B"),
        "special_tokens": {name: {"id": name, "ids": [id], "tokens": [name]}},
    }


def gpt2():
    json_ = learn(level(True), 420, SPECIAL)
    json_["model"]["merges"] = [" ".join(m) for m in json_["model"]["merges"]]
    return json_


def llama3():
    json_ = learn(pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(LLAMA3), "isolated"), level(False)]), 460, [])
    model = json_["model"]
    # Only whole words reach a token whose merge is missing: the case that ignore_merges is for.
    inner = {piece for pair in model["merges"] for piece in pair}
    model["merges"] = [pair for pair in model["merges"] if "".join(pair) in inner]
    model["ignore_merges"] = True
    first = len(model["vocab"])
    json_["added_tokens"] = [added(first + i, s) for i, s in enumerate(["<|begin|>", *SPECIAL])]
    byte_level = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True}
    json_["post_processor"] = {"type": "Sequence", "processors": [byte_level, template("<|begin|>", first)]}
    return json_


def qwen2():
    json_ = learn(pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(QWEN2), "isolated"), level(False)]), 430, [], normalizers.NFC())
    first = len(json_["model"]["vocab"])
    thinking = [added(first + len(SPECIAL) + i, s, special=False) for i, s in enumerate(["<think>", "</think>"])]
    json_["added_tokens"] = [added(first + i, s) for i, s in enumerate(SPECIAL)] + thinking
    json_["post_processor"] = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    return json_


def smollm2():
    return learn(pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), level(True)]), 400, SPECIAL)


def flags():
    """Added tokens that take spaces with them, stand alone, or are looked for after normalisation."""
    json_ = learn(pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(QWEN2), "removed", invert=True), level(False)]), 360, [], normalizers.NFC())
    first = len(json_["model"]["vocab"])
    json_["added_tokens"] = [
        added(first, "[MASK]", lstrip=True),
        added(first + 1, "[R]", rstrip=True),
        added(first + 2, "[L]", lstrip=True, rstrip=True, special=False),
        added(first + 3, "word", single_word=True, special=False, normalized=True),
        added(first + 4, "か\u3099さ", special=False, normalized=True),
        added(first + 5, "<|end|>"),
        added(first + 6, "<|end|>\n"),
    ]
    return json_


def pieces(fuse, fallback):
    special = ["<unk>", "<s>", "</s>"]
    json_ = learn(pre_tokenizers.Metaspace(), 700 if fallback else 400, special + (BYTES if fallback else []), alphabet=[])
    json_["added_tokens"] = [added(i, s) for i, s in enumerate(special)]
    json_["model"] |= {"unk_token": "<unk>", "fuse_unk": fuse, "byte_fallback": fallback}
    json_["post_processor"] = template("<s>", 1)
    json_["pre_tokenizer"] = None
    json_["decoder"] = {
        "type": "Sequence",
        "decoders": [
            {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
            {"type": "ByteFallback"},
            {"type": "Fuse"},
            {"type": "Strip", "content": " ", "start": 1, "stop": 0},
        ],
    }
    return json_


def llama2():
    json_ = pieces(True, True)
    prepend = {"type": "Prepend", "prepend": "▁"}
    replace = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
    json_["normalizer"] = {"type": "Sequence", "normalizers": [prepend, replace]}
    json_["added_tokens"].append(added(len(json_["model"]["vocab"]), "<tool a>", normalized=True, special=False))
    return json_


def metaspace_first():
    json_ = pieces(True, True)
    json_["pre_tokenizer"] = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": False}
    return json_


def metaspace_split():
    json_ = pieces(True, False)
    json_["pre_tokenizer"] = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    json_["decoder"] = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    return json_


def metaspace_never():
    json_ = pieces(False, False)
    json_["pre_tokenizer"] = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never", "split": True}
    json_["decoder"] = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never", "split": True}
    return json_


def write(name, value):
    (out / f"{name}.golden.json").write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")


out.mkdir(parents=True, exist_ok=True)
write("texts", TEXTS)
for kind in (gpt2, llama3, qwen2, smollm2, flags, llama2, metaspace_first, metaspace_split, metaspace_never):
    json_ = kind()
    tokenizer = Tokenizer.from_str(json.dumps(json_))
    ids = [tokenizer.encode(t, add_special_tokens=False).ids for t in TEXTS]
    tokenizer.encode_special_tokens = True
    plain = [tokenizer.encode(t, add_special_tokens=False).ids for t in TEXTS]
    tokenizer.encode_special_tokens = False
    decoded = [tokenizer.decode(i, skip_special_tokens=False) for i in ids]
    spoken = [tokenizer.decode(i, skip_special_tokens=True) for i in ids]
    write(kind.__name__, {
        "madeBy": f"tokenizers {tokenizers.__version__}",
        "tokenizer": json_,
        "wrapped": tokenizer.encode("the light").ids,
        "ids": ids,
        "plain": {str(i): p for i, p in enumerate(plain) if p != ids[i]},
        "decoded": {str(i): d for i, d in enumerate(decoded) if d != TEXTS[i]},
        "spoken": {str(i): s for i, s in enumerate(spoken) if s != decoded[i]},
    })
