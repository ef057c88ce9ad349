"""Learn token vectors with torch from questions and their paragraphs. Importing this module takes seconds.

The loss is InfoNCE (van den Oord et al. 2018): the other paragraphs of the batch are the negatives.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from index.training.bags import Ids, PassageBags, join
from index.training.batches import Batch, batches, count_batches
from index.training.progress import say
from index.training.settings import FitSettings

WARM_UP_STEPS = 20
LAST_RATE_SHARE = 0.02


def initial_weights(counts: Sequence[int], passages: int, dimension: int, seed: int) -> NDArray[np.float32]:
    """Return random directions (len(counts), dimension) whose length is the token's inverse document frequency.

    Sums of such vectors start as a random projection of tf-idf, so lexical match is there before anything is learnt.
    """
    rows = np.random.default_rng(seed).standard_normal((len(counts), dimension)) / np.sqrt(dimension)
    idf = np.log1p(passages / np.maximum(np.asarray(counts, dtype=np.float64), 1.0))
    return np.asarray(rows * idf[:, None], dtype=np.float32)


def fit(passages: Sequence[PassageBags], weights: NDArray[np.float32], settings: FitSettings) -> NDArray[np.float32]:
    """Return `weights` (tokens, dimension) fitted to `passages`; one line an epoch goes to standard error."""
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    choose = random.Random(settings.seed)
    table = torch.nn.Parameter(torch.from_numpy(weights.copy()).to(_device(settings.device)))
    optimiser = torch.optim.Adam([table], lr=settings.learning_rate, betas=(0.9, 0.99))
    total = settings.epochs * count_batches(len(passages), settings.batch_size)
    step = 0
    for epoch in range(1, settings.epochs + 1):
        losses = []
        for batch in batches(passages, settings, choose):
            step += 1
            optimiser.param_groups[0]["lr"] = settings.learning_rate * _rate(step, total)
            losses.append(_step(table, optimiser, batch, settings.temperature))
        say(f"epoch {epoch}/{settings.epochs}  loss {np.mean(losses):.3f}")
    return np.asarray(table.detach().cpu().numpy(), dtype=np.float32)


def _step(table: torch.nn.Parameter, optimiser: torch.optim.Optimizer, batch: Batch, temperature: float) -> float:
    scores = _embed(table, batch.queries) @ _embed(table, batch.passages).T
    targets = torch.tensor(batch.targets, device=table.device)
    loss = torch.nn.functional.cross_entropy(scores / temperature, targets)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    return float(loss.item())


def _embed(table: torch.nn.Parameter, bags: Sequence[Ids]) -> torch.Tensor:
    flat, offsets = (torch.from_numpy(part).to(table.device) for part in join(bags))
    sums = torch.nn.functional.embedding_bag(flat, table, offsets, mode="sum")
    return torch.nn.functional.normalize(sums, dim=1)


def _rate(step: int, total: int) -> float:
    """Rise over the first steps, then fall in a line to a small rest."""
    return min(1.0, step / WARM_UP_STEPS) * max(LAST_RATE_SHARE, 1.0 - step / total)


def _device(wanted: str) -> str:
    return wanted if wanted != "auto" else "cuda" if torch.cuda.is_available() else "cpu"
