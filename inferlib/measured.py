"""Tables of measurements: their columns, and how they are read from a file."""

from pathlib import Path

import polars as pl
from polars import col

from inferlib.catalog import data_folder

TEXT = ("chip_id", "model_id", "precision_weights", "precision_kv", "engine", "metric", "per")
NUMBERS = (
    "num_chips",
    "tensor_parallel",
    "expert_parallel",
    "input_tokens",
    "output_tokens",
    "concurrency_or_batch",
)
READ = (*TEXT, *NUMBERS, "speculative", "notes")
NEEDED = ("chip_id", "model_id", "precision_weights", "num_chips", "metric", "per")


def read(path: str | Path) -> pl.DataFrame:
    """A table of measurements from a CSV file; numbers are Float64.

    Raises:
        ValueError: It is no such table; one sentence says what is missing or cannot be read.
        OSError: There is no such file.
    """
    try:
        frame = _table(Path(path).read_bytes().decode("utf-8-sig"))
        return typed(frame, *{"value"}.intersection(frame.columns))
    except UnicodeDecodeError:
        raise ValueError(f"'{path}' is not text in UTF-8; give a CSV file") from None
    except ValueError as error:
        raise ValueError(f"'{path}' cannot be used: {error}") from error


def _table(text: str) -> pl.DataFrame:
    if not text.strip() or "\0" in text:
        raise ValueError("it is no text; give a CSV file with a header")
    try:
        frame = pl.read_csv(text.encode(), infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise ValueError(str(error).partition("\n")[0]) from error
    if twice := [name for name in frame.columns if name.endswith("_duplicated_0")]:
        name = twice[0].removesuffix("_duplicated_0")
        raise ValueError(f"two columns are called {name}; keep one")
    if frame.width == 1:
        raise ValueError("it has one column; separate columns by commas")
    return frame


def measurements() -> pl.DataFrame:
    """The measurements that the package carries; the preset `fitted` rests on them."""
    return read(data_folder() / "measurements.csv")


def typed(frame: pl.DataFrame, *further: str) -> pl.DataFrame:
    """The columns that are read, as text and Float64, `further` ones as Float64; others as is."""
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(f"measurements are a {type(frame).__name__}; give a polars DataFrame")
    if missing := [name for name in NEEDED if name not in frame.columns]:
        raise ValueError(f"the table has no column {', '.join(missing)}; see data/README.md")
    absent = {name: pl.lit(None) for name in READ if name not in frame.columns}
    numbers = [*NUMBERS, *further]
    try:
        read = col(*READ, *further).cast(pl.String).replace("", None)
        text = frame.with_columns(**absent).with_columns(read)
    except pl.exceptions.PolarsError as error:
        said = str(error).partition("\n")[0]
        raise ValueError(f"a column is neither numbers nor text: {said}") from error
    on = ~col("speculative").str.to_lowercase().is_in(["false", "no", "off", "none", "0"])
    floats = col(numbers).cast(pl.Float64, strict=False)
    typed = text.with_columns(floats, speculative=on.fill_null(False))
    for name in numbers:
        bad = text.filter(text[name].is_not_null() & typed[name].is_null())
        if bad.height:
            raise ValueError(f"'{name}' of a row is {bad[name][0]!r}; give a number, or nothing")
    return typed
