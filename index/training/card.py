"""The model card: what the model is made of and how well it does, filled in with the figures of the training run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from index.training.evaluate import Figures
from index.training.settings import FitSettings, ModelSettings

_TEMPLATE = """\
---
language: ja
license: cc-by-sa-4.0
library_name: sentence-transformers
pipeline_tag: sentence-similarity
tags: [sentence-transformers, static-embedding, retrieval]
---

# {name}

A static encoder for Japanese retrieval: one vector a token, added up and normalised. No neural network runs when it
encodes, so numpy is enough. It is made to stand beside a lexical search, not to replace it.

- **Dimensions**: {dimension}, float16, unit length. Rows: {vocabulary:,} tokens, {buckets:,} shared rows
  for all other tokens.
- **Format**: sentence-transformers (`StaticEmbedding`, `Normalize`); `mamori.json` holds the fingerprint.

## Segmentation

The tokenizer in this folder only looks words up. Text must come segmented: SudachiPy mode A, normalised forms without
particles and signs, followed by the character bigrams of the NFKC text, with repetitions, and each token without a row
of its own replaced by `[bucket-N]`, N = CRC-32 of its UTF-8 bytes modulo {buckets}. Raw text
gives a vector without meaning, mostly zero.

```python
from index.encoder import BUNDLED_FOLDER, load_encoder

encoder = load_encoder()
vectors = encoder.encode(["営業秘密とは何ですか。"])

# The same with sentence-transformers:
from sentence_transformers import SentenceTransformer

model = SentenceTransformer(str(BUNDLED_FOLDER))
vectors = model.encode([" ".join(encoder.tokens("営業秘密とは何ですか。"))])
```

## Training

{passages:,} paragraphs with {questions:,} questions. InfoNCE with the paragraphs of the batch as negatives, whole
articles in a batch; {cloze_share:.0%} of the batches are inverse cloze (a sentence asks for the rest of its paragraph).
{epochs} epochs, batches of {batch_size}, Adam, learning rate {learning_rate}, temperature {temperature}, seed {seed}.

```
python -m index.training --data DIR/jaquad_train --output FOLDER --report DIR/jsquad_test
```

## Figures

Share of questions whose own paragraph comes first (R@1) or among the first ten (R@10); a text is title and paragraph.

| searched | questions | R@1 | R@10 | MRR@10 |
|---|---|---|---|---|
{rows}

"Held-back articles" is a model trained without them. "Adapted" means fitted to the paragraphs that are searched with
`index.training.adapt`, without any question. The report sets were never learnt from nor tuned on.

## What it is bad at

- No word order and no negation: 「AはBを訴えた」 and 「BはAを訴えた」 are the same to it.
- Paraphrases whose words do not occur together in an encyclopedia; it knows no specialist field before adaptation.
- Long texts: many subjects add up to none. One paragraph is what it was trained on.
- Alone it is behind BM25 on questions that repeat the words of the text. Other languages than Japanese: not trained.
- The texts are from the Japanese Wikipedia and carry its biases.

## Data, credit, licence

- [JaQuAD](https://github.com/SkelterLabsInc/JaQuAD) (So et al. 2022), Skelter Labs, CC BY-SA 3.0: paragraphs
  and questions, used for training.
- JSQuAD of [JGLUE](https://github.com/yahoojapan/JGLUE) (Kurihara et al. 2022), Yahoo Japan and Waseda University,
  CC BY-SA 4.0: used for the report only.

The weights are licensed under CC BY-SA 4.0, which the licence of JaQuAD permits for adaptations. The weights hold no
sentence of these texts.
"""


@dataclass(frozen=True, slots=True)
class Report:
    """What a training run knows about its model; `figures` maps what was searched to how that went."""

    model: ModelSettings
    fit: FitSettings
    passages: int
    questions: int
    figures: Mapping[str, Figures]


def model_card(report: Report) -> str:
    """Return the README.md of the model."""
    rows = [
        f"| {searched} | {f.questions:,} | {f.recall_at_1:.1%} | {f.recall_at_10:.1%} | {f.mrr_at_10:.1%} |"
        for searched, f in report.figures.items()
    ]
    return _TEMPLATE.format(
        name=report.model.name,
        dimension=report.model.dimension,
        vocabulary=report.model.vocabulary,
        buckets=report.model.buckets,
        passages=report.passages,
        questions=report.questions,
        cloze_share=report.fit.cloze_share,
        epochs=report.fit.epochs,
        batch_size=report.fit.batch_size,
        learning_rate=report.fit.learning_rate,
        temperature=report.fit.temperature,
        seed=report.fit.seed,
        rows="\n".join(rows),
    )
