"""Numpy arrays as bytes of the .npy format and back, without pickle and without a copy."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray


def array_bytes(array: NDArray[Any]) -> bytes:
    """Return `array` as the content of a .npy file."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
    return buffer.getvalue()


def bytes_array(data: bytes) -> NDArray[Any]:
    """Return the array in a .npy file's content as a read-only view of `data`; ValueError where it is none."""
    buffer = io.BytesIO(data)
    if np.lib.format.read_magic(buffer) != (1, 0):
        raise ValueError("not a .npy file of format 1.0")
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(buffer)
    if fortran or dtype.hasobject:
        raise ValueError("not a plain row-major array")
    return np.frombuffer(data, dtype=dtype, offset=buffer.tell()).reshape(shape)
