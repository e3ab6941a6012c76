"""The `inferlib` command: estimate, explain, validate and list, for people and for programs."""

import io
import os
import re
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inferlib import arguments
from inferlib.arguments import KINDS, TABLES, option
from inferlib.formulas import quantities
from inferlib.quantity import Solution, order, solve
from inferlib.terminal import bar, headed, plain, print_csv, print_json, print_table, written

if TYPE_CHECKING:  # polars takes a quarter of a second to load: `--help` and `--version` do not
    from inferlib.explanation import Explanation
    from inferlib.scenarios import Scenario

OK, UNWRITTEN, USAGE, INFEASIBLE, UNREADABLE, INTERRUPTED = 0, 1, 2, 3, 4, 130
HEADLINES = (
    "tpot", "ttft", "output_throughput", "cost_per_input_token", "cost_per_output_token",
    "utilization", "weight_bytes", "cache_bytes", "usable_memory", "fits",
    "energy_per_output_token",
)  # fmt: skip
PREDICTED = ("chip_id", "model_id", "metric", "per", "predicted", "why_not")
SLICE = 2000  # rows predicted between two looks at the bar


class Unreadable(Exception):
    """A file that cannot be read as a table; the sentence says why."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command, and say how it ended.

    Args:
        argv: Arguments without the command's own name; those of the process if left out.

    Returns:
        The exit code: 0 done, 1 not written, 2 not understood, 3 not feasible, 4 not readable.
    """
    try:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # not every terminal can write µ
        code = _run(argv)
        print(end="", flush=True)
        return code
    except BrokenPipeError:
        _drop_output()
        return OK
    except OSError as error:
        _drop_output()
        return _complain(f"the output cannot be written: {error.strerror or error}", UNWRITTEN)
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(argv: Sequence[str] | None) -> int:
    try:
        asked = arguments.read(argv)
        return COMMANDS[asked.command](asked)
    except SystemExit as end:  # after --help and --version
        return int(end.code or OK)
    except Unreadable as error:
        return _complain(error, UNREADABLE)
    except (LookupError, TypeError, ValueError) as error:
        return _complain(error, USAGE)


def _complain(error: object, code: int) -> int:
    print("inferlib:", _commanded(str(error)), file=sys.stderr)
    return code


def _commanded(sentence: str) -> str:
    # What the package calls in Python has a command of its own.
    table = rf"`?(?:catalog|inferlib)\.({'|'.join(TABLES)})(?:\(\))?`?"
    return re.sub(table, r"`inferlib list \1`", sentence)


def _drop_output() -> None:
    # Python writes what is left of the output once more as it ends, which would fail again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# The situation


def _situation(asked: Namespace) -> "Scenario":
    from inferlib.scenarios import scenario

    texts = {name[1:]: value for name, value in vars(asked).items() if name[0] == "="}
    for pair in asked.set:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ValueError(f"--set is '{pair}'; write it like --set chips=4")
        name = name.replace("-", "_")
        if name in KINDS:
            raise ValueError(f"--set is '{pair}'; write --{name} {value}")
        texts[name] = value
    numbers = {name: _number(name, value) for name, value in texts.items()}
    kinds = {kind: getattr(asked, kind) for kind in KINDS}
    return scenario(**{kind: name for kind, name in kinds.items() if name is not None}, **numbers)


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        unit = f" [{quantities[name].unit}]" if name in quantities else ""
        raise ValueError(f"'{name}' is '{text}'; give a plain number{unit}, as 2000") from None


def _missing(want: Iterable[str], situation: Mapping[str, float]) -> list[str]:
    """Options that would give what some quantities need and the situation lacks."""
    needed = order(want, quantities, situation)
    inputs = [name for name in needed if name not in situation and not quantities[name].formula]
    return [f"{option(name)} [{quantities[name].unit}]" for name in inputs]


def _estimate(asked: Namespace) -> int:
    situation = _situation(asked)
    want = [name for one in asked.want or HEADLINES for name in one.replace("-", "_").split(",")]
    lacks = {name: _missing([name], situation) for name in want}
    _refuse(lack for name in (want if asked.want else want[:1]) for lack in lacks[name])
    solved = {
        name: solve(name, quantities=quantities, **situation) for name in want if not lacks[name]
    }
    why = {key: plain(text) for one in solved.values() for key, text in one.why.items()}
    rows = [_row(name, one) for name, one in solved.items()]
    if asked.json:
        found = {row.pop("name"): row for row in rows}
        kinds, given = dict(situation.kinds), dict(situation.given)
        print_json({**kinds, "given": given, "feasible": not why, "why": why, "quantities": found})
    elif asked.csv:
        print_csv(rows)
    else:
        print_table((row["name"], row["shown"] or "—", row["label"]) for row in rows)
        for sentence in why.values():
            print(f"\nNot feasible: {sentence}.")
    for name in [name for name in want if lacks[name]]:
        print(f"inferlib: left out {name}; give {', '.join(lacks[name])}", file=sys.stderr)
    return INFEASIBLE if why else OK


def _refuse(lacking: Iterable[str]) -> None:
    if lacking := sorted(set(lacking)):
        raise LookupError(f"give {', '.join(lacking)}")


def _row(name: str, solved: Solution) -> dict[str, Any]:
    """A quantity with its value, which is blank where a condition other than itself fails."""
    one, value = quantities[name], solved[name]
    row = {"name": name, "value": float(value), "unit": one.unit, "label": one.label}
    yes_or_no = "yes" if value else "no"
    shown = yes_or_no if one.otherwise else written(value, one.unit)
    holds = not solved.why.keys() - {name}
    return {**row, "shown": shown} if holds else {**row, "value": None, "shown": None}


def _explain(asked: Namespace) -> int:
    from inferlib.explanation import explain

    situation = _situation(asked)
    name = asked.quantity.replace("-", "_")
    _refuse(_missing([name], situation))
    tree = explain(name, situation, quantities=quantities)
    if asked.json:
        why = {name: plain(text) for name, text in tree.why.items()}
        print_json({"feasible": not tree.why, "why": why, **_node(tree)})
    else:
        print(plain(repr(tree)))
    return INFEASIBLE if tree.why else OK


def _node(tree: "Explanation") -> dict[str, Any]:
    from inferlib.trace import latex

    one = tree.quantity
    return {
        "name": one.name,
        "value": tree.value,
        "unit": one.unit,
        "label": one.label,
        "symbol": one.symbol,
        "formula": latex(one, quantities) if tree.parts else None,
        "source": one.source,
        "origin": asdict(tree.origin) if tree.origin else None,
        "parts": [_node(part) for part in tree.parts],
    }


# Measurements and tables


def _validate(asked: Namespace) -> int:
    from inferlib import validation

    frame = _measurements(asked.file, validation.read)
    slices = list(frame.iter_slices(SLICE)) or [frame]
    parts = [validation.predict(part, preset=asked.preset) for part in bar(slices)]
    predicted = parts[0]
    for part in parts[1:]:
        predicted = predicted.vstack(part)
    scored = "value" in frame.columns  # without it, what is predicted is all there is to say
    found = validation.report(predicted) if scored else predicted.select(PREDICTED)
    rows, done = found.to_dicts(), predicted["predicted"].count()
    reasons = Counter(reason for reason in predicted["why_not"] if reason).most_common()
    if asked.json:
        counts = {"rows": frame.height, "predicted": done, "why_not": dict(reasons)}
        print_json({**counts, "report" if scored else "predictions": rows})
    elif asked.csv:
        print_csv(rows)
    else:
        headline = [row for row in rows if not scored or row["by"] in ("all", "kind", "pair")]
        print_table(headed(headline, dict.fromkeys(("mape", "median", "bias", "p90"), "share")))
        share = written(done / max(frame.height, 1), "share")
        print(f"\n{done} of {frame.height} rows predicted ({share})")
        for reason, count in reasons:
            print(f"{count} not: {_commanded(reason)}")
    return OK


def _measurements(file: str, read: Callable[[Path], Any]) -> Any:
    path = Path(file)
    if path.is_char_device():
        raise Unreadable(f"'{file}' is no file; give a CSV file")
    try:
        return read(path)
    except OSError as error:
        raise Unreadable(f"'{file}' cannot be read: {error.strerror}; give a CSV file") from None
    except ValueError as error:
        raise Unreadable(error) from None


def _list(asked: Namespace) -> int:
    rows = _rows(asked.table)
    if asked.json:
        print_json(rows)
    elif asked.csv:
        print_csv(rows)
    else:
        units = {name: one.unit for name, one in quantities.items()}
        short = [{name: row[name] for name in TABLES[asked.table]} for row in rows]
        print_table(headed(short, units))
    return OK


def _rows(table: str) -> list[dict[str, Any]]:
    if table == "quantities":
        fields = ("name", "unit", "label", "symbol", "source")
        return [{field: getattr(one, field) for field in fields} for one in quantities.values()]
    from inferlib import catalog

    rows: list[dict[str, Any]] = getattr(catalog, table)().to_dicts()
    return rows


COMMANDS: Mapping[str, Callable[[Namespace], int]] = {
    "estimate": _estimate,
    "explain": _explain,
    "validate": _validate,
    "list": _list,
}
