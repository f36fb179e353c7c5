"""Seconds of decoding steps with a cache by PyTorch on two threads; questions and answers are lines of JSON. The peer of bench/decode.ts.
A question: {"model", "batch", "prompt", "tokens"}; the answer: {"seconds": [...]}, one for each step of the whole batch."""
import gc
import json
import sys
import time

import torch
import transformers

torch.set_num_threads(2)
held, model, steps = None, None, {}


def load(c):
    return transformers.LlamaForCausalLM(transformers.LlamaConfig(
        hidden_size=c["hiddenSize"], intermediate_size=c["intermediateSize"], num_hidden_layers=c["layers"],
        num_attention_heads=c["heads"], num_key_value_heads=c["kvHeads"], vocab_size=c["vocabSize"],
        max_position_embeddings=c["maxPositions"], tie_word_embeddings=True,
    )).eval()


with torch.inference_mode():
    for line in sys.stdin:
        question = json.loads(line)
        batch = question["batch"]
        if held != question["model"]["name"]:
            model, steps = None, {}
            gc.collect()
            model, held = load(question["model"]["config"]), question["model"]["name"]
        if batch not in steps:
            steps[batch] = model(input_ids=torch.arange(1, question["prompt"] + 1)[None].repeat(batch, 1), use_cache=True)
        seconds = []
        for i in range(question["tokens"]):
            tokens = torch.tensor([[(i * 7 + b) % 1000] for b in range(batch)])
            start = time.perf_counter()
            steps[batch] = model(input_ids=tokens, past_key_values=steps[batch].past_key_values, use_cache=True)
            seconds.append(time.perf_counter() - start)
        print(json.dumps({"seconds": seconds}), flush=True)
