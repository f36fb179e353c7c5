"""MB a second of processor time of Hugging Face's tokenizers on one thread; the job comes as JSON on stdin. The peer of bench/tokenizer.ts."""
import array
import hashlib
import json
import os
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"
import tokenizers  # noqa: E402

job = json.load(sys.stdin)
documents, megabytes = job["documents"], job["megabytes"]
out = {"encode": {}, "digest": {}}
for name, text in job["tokenizers"].items():
    times = []
    for _ in range(job["rounds"]):
        tokenizer = tokenizers.Tokenizer.from_str(text)
        start = time.process_time()
        ids = [tokenizer.encode(d, add_special_tokens=False).ids for d in documents]
        times.append(time.process_time() - start)
    out["encode"][name] = megabytes / sorted(times)[len(times) // 2]
    out["digest"][name] = hashlib.sha256(array.array("I", [i for d in ids for i in d]).tobytes()).hexdigest()
learner = tokenizers.Tokenizer(tokenizers.models.BPE())
learner.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
trainer = tokenizers.trainers.BpeTrainer(
    vocab_size=job["vocabSize"], initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(), show_progress=False
)
start = time.process_time()
learner.train_from_iterator(job["all"], trainer)
out["train"] = job["trainingMegabytes"] / (time.process_time() - start)
print(json.dumps(out))
