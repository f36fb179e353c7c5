"""Tokens/s of decoding one sequence with a cache by PyTorch and transformers on two threads. The peer of bench/decode.ts."""
import json
import sys
import time

import torch
import transformers

torch.set_num_threads(2)
job = json.load(sys.stdin)
out = {}
for m in job["models"]:
    c = m["config"]
    model = transformers.LlamaForCausalLM(transformers.LlamaConfig(
        hidden_size=c["hiddenSize"], intermediate_size=c["intermediateSize"], num_hidden_layers=c["layers"],
        num_attention_heads=c["heads"], num_key_value_heads=c["kvHeads"], vocab_size=c["vocabSize"],
        max_position_embeddings=c["maxPositions"], tie_word_embeddings=True,
    )).eval()
    times = []
    with torch.inference_mode():
        step = model(input_ids=torch.arange(1, job["prompt"] + 1)[None], use_cache=True)
        for i in range(job["tokens"]):
            start = time.perf_counter()
            step = model(input_ids=torch.tensor([[i * 7 % 1000]]), past_key_values=step.past_key_values, use_cache=True)
            times.append(time.perf_counter() - start)
    out[m["name"]] = 1 / sorted(times)[len(times) // 2]
print(json.dumps(out))
