"""What a baseline says when a package that only baselines need is not there."""

from __future__ import annotations

from eval.errors import SystemUnavailable


def missing_package(package: str) -> SystemUnavailable:
    """Return the error of a package that is not installed."""
    return SystemUnavailable(
        f'比較用の検索に要るパッケージ {package} がありません。`pip install "mamori[baselines]"` で入れてください。'
    )
