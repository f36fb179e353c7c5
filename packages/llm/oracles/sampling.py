"""Which tokens Hugging Face's logits processors leave, and with what probability, for seeded logits and settings.

Outside witness for packages/llm/src/generation; needs `pip install torch transformers`. Usage:
    python -P packages/llm/oracles/sampling.py packages/llm/src/generation/sampling.golden.json
The list of processors, and so their order, is made by transformers itself. Survivors must be the same in f32 and f64.
"""
import json
import sys

import torch
import transformers
from transformers.generation.utils import GenerationMixin

SIZE = 48
SEEN = [3, 7, 7, 11, 3, 40]
SETTINGS = [
    {"temperature": 1.0},
    {"temperature": 0.7},
    {"temperature": 1.8, "top_k": 5},
    {"temperature": 1.0, "top_k": 1},
    {"temperature": 1.0, "top_p": 0.9},
    {"temperature": 0.5, "top_p": 0.35},
    {"temperature": 1.3, "min_p": 0.08},
    {"temperature": 1.0, "repetition_penalty": 1.3},
    {"temperature": 1.0, "repetition_penalty": 0.8},
    {"temperature": 1.5, "top_k": 20, "top_p": 0.8},
    {"temperature": 1.5, "top_k": 12, "min_p": 0.05},
    {"temperature": 0.9, "top_p": 0.95, "min_p": 0.1},
    {"temperature": 1.4, "top_k": 30, "top_p": 0.85, "min_p": 0.03, "repetition_penalty": 1.2},
]


def processors(settings):
    config = transformers.GenerationConfig(do_sample=True, **({"top_k": 0} | settings))
    mixin = GenerationMixin()
    mixin.config = transformers.PretrainedConfig()
    return mixin._get_logits_processor(
        generation_config=config, input_ids_seq_length=len(SEEN), encoder_input_ids=torch.tensor([SEEN]),
        prefix_allowed_tokens_fn=None, logits_processor=[], device="cpu",
    )


def survivors(logits, settings):
    scores = logits[None].clone()
    for processor in processors(settings):
        scores = processor(torch.tensor([SEEN]), scores)
    probabilities = scores.softmax(-1)[0]
    return [[i, float(f"{p:.9g}")] for i, p in enumerate(probabilities.tolist()) if scores[0, i] > -float("inf")]


torch.manual_seed(7)
cases = []
names = []
for spread in (1.5, 3.0, 6.0):
    logits = torch.randn(SIZE) * spread
    logits[7] = logits.max() - 0.5
    rows = []
    for settings in SETTINGS:
        exact = survivors(logits.double(), settings)
        assert [i for i, _ in exact] == [i for i, _ in survivors(logits, settings)], (spread, settings)
        rows.append({"settings": settings, "survivors": exact})
        names.append([type(p).__name__ for p in processors(settings)])
    cases.append({
        "logits": [float(f"{x:.9g}") for x in logits.tolist()],
        "logProbabilities": [float(f"{x:.12g}") for x in logits.double().log_softmax(-1).tolist()],
        "rows": rows,
    })
golden = {
    "madeBy": f"transformers {transformers.__version__}, torch {torch.__version__}",
    "order": max(names, key=len),
    "seen": SEEN,
    "cases": cases,
}
with open(sys.argv[1], "w") as file:
    json.dump(golden, file)
