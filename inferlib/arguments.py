"""What one may type after `inferlib`: commands, options and their help, by example."""

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from inferlib import __version__
from inferlib.formulas import quantities
from inferlib.naming import suggest

KINDS = {
    "model": "model, as `inferlib list models` has it",
    "chip": "chip, as `inferlib list chips` has it",
    "weights": "number format of the weights (bf16)",
    "kv": "number format of the KV cache (bf16)",
    "pricing": "basis of the chip's price: on-demand, reserved ... (on-demand)",
    "preset": "how close to its limits a chip comes: roofline, typical or fitted (typical)",
    "engine": "serving engine, for the preset fitted: vllm, 'sglang 0.5.9' (any)",
}
SERVED = "--model llama-3.1-70b --chip h100-sxm --chips 4 --weights fp8"
TRAFFIC = "--prompt-tokens 2000 --output-tokens 500"
EXAMPLES = {
    "estimate": (
        f"inferlib estimate {SERVED} {TRAFFIC} --concurrency 64",
        f"inferlib estimate {SERVED} {TRAFFIC} --concurrency 64 --want tpot max_concurrency --json",
    ),
    "explain": (
        f"inferlib explain cost_per_output_token {SERVED} {TRAFFIC} --concurrency 64",
        "inferlib explain kv_bytes_per_token --model qwen3-8b --chip l4 --kv fp8 --json",
    ),
    "validate": (
        "inferlib validate measurements.csv",
        "inferlib validate measurements.csv --preset roofline --json",
    ),
    "list": ("inferlib list models", "inferlib list quantities --json"),
}
# What can be listed, and the columns that people see of it.
TABLES = {
    "models": ("model", "name", "org", "released"),
    "chips": ("chip", "name", "chip_memory", "memory_bandwidth", "chip_power", "link_bandwidth"),
    "dtypes": ("dtype", "name", "bytes_per_value", "weights", "kv"),
    "prices": ("chip", "provider", "instance", "basis", "chip_price", "since"),
    "quantities": ("name", "unit", "label"),
}
CODES = """exit codes:
  0  done, also if the reader of a pipe left early
  1  the output could not be written
  2  a name or a value was not understood
  3  what was asked for is not feasible; the sentence says why
  4  a file could not be read"""


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence, and whose options are never guessed."""

    def __init__(self, **named: Any) -> None:
        """Keep the line breaks of examples."""
        form = argparse.RawDescriptionHelpFormatter
        super().__init__(allow_abbrev=False, formatter_class=form, **named)

    def error(self, message: str) -> NoReturn:
        """Raise, in place of printing the usage."""
        raise ValueError(f"{message}; `{self.prog} --help` shows examples")


def read(argv: Sequence[str] | None) -> argparse.Namespace:
    """The arguments, understood: `command`, and what the command asks for.

    Raises:
        LookupError: An option is unknown.
        SystemExit: Help or the version was asked for, and is printed.
        ValueError: Something is missing or cannot be one of its choices.
    """
    asked, odd = _parser().parse_known_args(argv)
    if odd:
        names = map(option, (*quantities, *KINDS, "want", "set", "json", "csv"))
        way = suggest(odd[0].partition("=")[0], names) or "`inferlib list quantities` has all"
        raise LookupError(f"no option is called '{odd[0]}', {way}")
    return asked


def option(name: str) -> str:
    """The option that gives a quantity."""
    return "--" + name.replace("_", "-")


def _parser() -> Parser:
    about = "What it takes to serve a language model: time, memory, money, energy."
    top = Parser(prog="inferlib", description=about, epilog=CODES)
    top.add_argument("--version", action="version", version=f"inferlib {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="command")

    def command(name: str, about: str, *forms: str) -> Parser:
        lines = "\n".join(f"  {line}" for line in EXAMPLES[name])
        added = commands.add_parser(
            name, help=about, description=about, epilog=f"examples:\n{lines}\n\n{CODES}"
        )
        either = added.add_mutually_exclusive_group()
        for form in forms:
            words = f"print {form.upper()} in base units, for programs"
            either.add_argument(f"--{form}", action="store_true", help=words)
        return added

    estimate = command("estimate", "Estimate speed, memory, cost and energy.", "json", "csv")
    _add_situation(estimate)
    words = "what to calculate, as `inferlib list quantities` has it (a summary)"
    estimate.add_argument("--want", nargs="+", metavar="QUANTITY", help=words)
    explain = command("explain", "Show what a number rests on, as a tree.", "json")
    explain.add_argument("quantity", help="quantity, as `inferlib list quantities` has it")
    _add_situation(explain)
    validate = command("validate", "Predict a table of measurements.", "json", "csv")
    validate.add_argument(
        "file", metavar="FILE.csv", help="measurements; data/README.md has the columns"
    )
    words = "roofline, or typical or fitted, both fitted to data/measurements.csv (fitted)"
    validate.add_argument("--preset", default="fitted", metavar="NAME", help=words)
    listed = command("list", "List models, chips, prices or quantities.", "json", "csv")
    listed.add_argument("table", choices=TABLES)
    return top


def _add_situation(parser: Parser) -> None:
    for kind, words in KINDS.items():
        needed = kind in ("model", "chip")
        parser.add_argument(f"--{kind}", metavar="NAME", help=words, required=needed)
    words = "any quantity in its base unit; --chips 4 is short for --set chips=4"
    parser.add_argument("--set", action="append", default=[], metavar="NAME=NUMBER", help=words)
    for name in quantities:
        spellings = dict.fromkeys((option(name), f"--{name}"))
        hidden = argparse.SUPPRESS
        parser.add_argument(*spellings, dest=f"={name}", default=hidden, help=hidden)
