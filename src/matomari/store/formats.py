"""Save and load tables, arrays and JSON in formats that hold data and never code. The same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import DamagedError, InputError, MachineError
from ..wording import one_line
from .strictjson import dump_json, parse_json

if TYPE_CHECKING:
    import pyarrow as pa

_AGAIN = "write it again with matomari, or restore it from a copy."


def save_table(path: str | Path, columns: Mapping[str, NDArray[Any] | Sequence[Any]]) -> None:
    """Write named columns of one length as Parquet, without pandas metadata.

    Parameters
    ----------
    path : path
        The file to write.
    columns : mapping of str to array or list, each of shape (n,)
        Numbers, booleans or strings; no missing values.

    Raises
    ------
    InputError
        A column is not one-dimensional, has missing or mixed values, or differs in length.
    MachineError
        The file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "t.parquet"
    >>> save_table(file, {"id": ["a", "b"], "cluster": np.array([0, 1])})
    >>> load_table(file)["id"].tolist()
    ['a', 'b']
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays = {name: _arrow(name, values) for name, values in columns.items()}
    if len({len(a) for a in arrays.values()}) > 1:
        lengths = ", ".join(f"{name!r} {len(a)}" for name, a in arrays.items())
        raise InputError(f"the columns of a table differ in length: {lengths}.", hint="pass columns of one length.")
    try:
        pq.write_table(pa.table(arrays), str(path), compression="zstd")
    except OSError as error:
        raise _unwritten(path, error) from error


def load_table(path: str | Path) -> dict[str, NDArray[Any]]:
    """Read what `save_table` wrote; strings come back as numpy str arrays, so keep long texts out of such tables.

    Raises
    ------
    DamagedError
        The file is not a whole Parquet file, or a column holds missing values.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(_regular(path), use_threads=False)
        table.validate(full=True)
        return {name: _numpy(path, name, table[name]) for name in table.column_names}
    except (pa.ArrowException, OSError, ValueError, KeyError, UnicodeDecodeError) as error:
        raise DamagedError(f"{path} is not a readable Parquet table: {one_line(error)}.", hint=_AGAIN) from error


def save_arrays(path: str | Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write named numeric arrays of any shape as safetensors.

    Raises
    ------
    InputError
        An array holds something other than booleans, integers or floats.
    MachineError
        The file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.safetensors"
    >>> save_arrays(file, {"centers": np.eye(2, dtype=np.float32)})
    >>> load_arrays(file)["centers"].shape
    (2, 2)
    """
    from safetensors import SafetensorError
    from safetensors.numpy import save_file

    ready = {}
    for name, value in arrays.items():
        array = np.ascontiguousarray(value).reshape(np.shape(value))  # ascontiguousarray makes a scalar one-dimensional
        if array.dtype.kind not in "biufc" or array.dtype.itemsize > 8:
            raise InputError(
                f"array {name!r} has dtype {array.dtype}, which safetensors cannot hold.", hint="use numbers of at most 64 bits."
            )
        ready[str(name)] = array.astype(array.dtype.newbyteorder("="), copy=False)
    try:
        save_file(ready, str(path))
    except (SafetensorError, OSError) as error:
        raise _unwritten(path, error) from error


def load_arrays(path: str | Path) -> dict[str, NDArray[Any]]:
    """Read what `save_arrays` wrote.

    Raises
    ------
    DamagedError
        The file is not a whole safetensors file.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return dict(load_file(_regular(path)))
    except (SafetensorError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedError(f"{path} is not a readable safetensors file: {one_line(error)}.", hint=_AGAIN) from error


def save_json(path: str | Path, value: Any) -> None:
    """Write a JSON value, indented, in UTF-8.

    Raises
    ------
    InputError
        The value holds NaN, infinity, keys that are not strings, foreign types, or is nested deeper than 32.
    MachineError
        The file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "v.json"
    >>> save_json(file, {"k": [1, 2.5, None]})
    >>> load_json(file)
    {'k': [1, 2.5, None]}
    """
    data = dump_json(value, indent=1) + b"\n"
    try:
        Path(path).write_bytes(data)
    except OSError as error:
        raise _unwritten(path, error) from error


def load_json(path: str | Path) -> Any:
    """Read a JSON file strictly: no NaN or infinity, no key twice, no nesting deeper than 32.

    Raises
    ------
    DamagedError
        The file is not such JSON.
    """
    try:
        return parse_json(Path(_regular(path)).read_bytes())
    except (OSError, ValueError) as error:
        raise DamagedError(f"{path} is not readable JSON: {one_line(error)}.", hint=_AGAIN) from error


def _unwritten(path: str | Path, error: Exception) -> MachineError:
    return MachineError(
        f"{path} could not be written: {getattr(error, 'strerror', None) or one_line(error)}.", hint="check space and permissions."
    )


def _regular(path: str | Path) -> str:
    if not Path(path).is_file():  # a FIFO or device would block or never end
        raise OSError("it is missing or not a regular file")
    return str(path)


def _arrow(name: str, values: NDArray[Any] | Sequence[Any]) -> pa.Array:
    import pyarrow as pa

    try:
        if isinstance(values, np.ndarray) and values.dtype.kind == "U":
            array = pa.array(values.tolist(), pa.string()) if values.ndim == 1 else None
        else:
            array = pa.array(_native(values))
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise InputError(f"column {name!r} cannot be stored: {one_line(error)}.", hint="use numbers, booleans or text.") from error
    if array is None or not _storable(array.type):
        kind = array.type if array is not None else "two or more dimensions"
        raise InputError(f"column {name!r} cannot be stored: it holds {kind}.", hint="use one-dimensional numbers, booleans or text.")
    if array.null_count:
        raise InputError(f"column {name!r} has {array.null_count} missing values.", hint="fill them before saving.")
    return array


def _native(values: NDArray[Any] | Sequence[Any]) -> NDArray[Any] | Sequence[Any]:
    """Numbers in the byte order of this machine, the only one that Arrow accepts."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "iuf":
        return values.astype(values.dtype.newbyteorder("="), copy=False)
    return values


def _storable(kind: pa.DataType) -> bool:
    import pyarrow.types as t

    return bool(t.is_integer(kind) or t.is_floating(kind) or t.is_boolean(kind) or t.is_string(kind) or t.is_null(kind))


def _numpy(path: str | Path, name: str, column: pa.ChunkedArray) -> NDArray[Any]:
    import pyarrow.types as t

    if t.is_null(column.type) and not len(column):
        return np.empty(0, np.float64)
    if column.null_count or not _storable(column.type):
        raise ValueError(f"column {name!r} holds missing values or {column.type}")
    if t.is_string(column.type):
        return np.asarray(column.to_pylist(), dtype=np.str_)
    return np.asarray(column.to_numpy())
