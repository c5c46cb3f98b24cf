"""Distributions as pure functions: an even chance from 0 to 1 goes in, a value comes out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from statistics import NormalDist
from typing import TypeVar

_NORMAL = NormalDist()
Value = TypeVar("Value")
_LENGTH_SPREAD = 0.8
_SHORTEST, _LONGEST = timedelta(seconds=20), timedelta(minutes=90)


def length(chance: float, mean: timedelta) -> timedelta:
    """Return how long a film is: many short ones and a few long, by whole seconds."""
    middle = math.log(mean.total_seconds()) - _LENGTH_SPREAD**2 / 2
    drawn = math.exp(middle + _LENGTH_SPREAD * _NORMAL.inv_cdf(_inside(chance)))
    return min(max(timedelta(seconds=round(drawn)), _SHORTEST), _LONGEST)


def picked(chance: float, shares: Sequence[tuple[Value, float]]) -> Value:
    """Return one of the values, each as often as its share of the sum says."""
    left = chance * sum(share for _, share in shares)
    for value, share in shares:
        left -= share
        if left < 0:
            return value
    return shares[-1][0]


def _inside(chance: float) -> float:
    return min(max(chance, 1e-9), 1 - 1e-9)
