# Scores of lexical baselines by other people's programs, for baselines.test.ts. To rebuild:
#   python3 -m venv V && V/bin/pip install rank-bm25==0.2.2 scikit-learn==1.9.1 && V/bin/python golden.py > golden.json
import json
import math
import re

from rank_bm25 import BM25Okapi
from sklearn.feature_extraction.text import TfidfVectorizer

ROWS = [
    ["What is the capital of France?", "Paris."],
    ["Where is Paris, and what is Paris known for?", "Paris is in France; known for the Eiffel Tower (330 m)."],
    ["", "O Romeo, Romeo! wherefore art thou Romeo?\n\nDeny thy father and refuse thy name"],
    ["Who wrote Ulysses?", "James Joyce wrote Ulysses in 1922."],
    ["où est né   Émile Zola", "À Paris, en 1840"],
    ["1 + 1", "2"],
    ["Who wrote Ulysses?", "James Joyce wrote Ulysses in 1922."],
    ["", "!?"],
]
QUERIES = [
    ["Where is Paris?", "In France."],
    ["Romeo Romeo", "art thou my Romeo"],
    ["who wrote ulysses", "JOYCE"],
    ["zebra", "quagga"],
    ["Émile 1840", ""],
]


def text(pair):
    return pair[1] if pair[0] == "" else pair[0] + " " + pair[1]


def words(s):
    return re.findall(r"[^\W_]+", s.lower())


class Lucene(BM25Okapi):
    def _calc_idf(self, nd):
        for word, rows in nd.items():
            self.idf[word] = math.log(1 + (self.corpus_size - rows + 0.5) / (rows + 0.5))


rows, queries = [text(r) for r in ROWS], [text(q) for q in QUERIES]
bm25 = Lucene([words(r) for r in rows], k1=1.2, b=0.75)


def tfidf(**options):
    fitted = TfidfVectorizer(lowercase=True, **options)
    vectors = fitted.fit_transform(rows)
    return (fitted.transform(queries) @ vectors.T).toarray().tolist()


print(
    json.dumps(
        {
            "rows": ROWS,
            "queries": QUERIES,
            # rank_bm25 keeps the factor k1 + 1, which Lucene has dropped.
            "bm25": [(bm25.get_scores(words(q)) / 2.2).tolist() for q in queries],
            "tfidfWords": tfidf(tokenizer=words, token_pattern=None),
            "tfidfCharacters": tfidf(analyzer="char", ngram_range=(3, 5)),
        },
        ensure_ascii=False,
    )
)
