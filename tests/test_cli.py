"""The command: what it prints for people and for programs, how it ends, what it says of a fault."""

import csv
import io
import json
import os
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

import inferlib as il
from inferlib import arguments, cli, scenarios, terminal, validation
from inferlib.formulas import quantities
from inferlib.presets import PRESETS

KINDS = {"model": "llama-3.1-70b", "chip": "h100-sxm", "weights": "fp8"}
NUMBERS = {"chips": 4, "prompt_tokens": 2000, "output_tokens": 500, "concurrency": 64}
SERVED = [f"--{name}={value}" for name, value in (KINDS | NUMBERS).items()]
INFEASIBLE = ["--chips", "1"]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process: its exit code, output and complaint."""

    def run(*words: str) -> tuple[int, str, str]:
        code = cli.main(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def document(run: Run) -> Callable[..., Any]:
    """What the command prints as JSON."""

    def document(*words: str, code: int = 0) -> Any:
        ended, out, err = run(*words, "--json")
        assert (ended, err) == (code, "")
        return json.loads(out, parse_constant=pytest.fail)

    return document


def process(*words: str, **named: Any) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own."""
    command = [sys.executable, "-m", "inferlib", *words]
    named = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": ROOT} | named
    return subprocess.run(command, text=True, encoding="utf-8", timeout=60, check=False, **named)


# Estimate


def test_estimate_prints_each_headline_as_people_write_it(run: Run) -> None:
    code, out, err = run("estimate", *SERVED)
    assert (code, err) == (0, "")
    rows = [[cell.strip() for cell in line.split("  ") if cell] for line in out.splitlines()]
    assert [row[0] for row in rows] == list(cli.HEADLINES)
    solved = il.solve(cli.HEADLINES, **il.scenario(**KINDS, **NUMBERS))
    for name, shown, label in rows:
        one = quantities[name]
        assert label == one.label
        assert shown == ("yes" if name == "fits" else _shown(solved[name], one.unit))


def _shown(value: float, unit: str) -> str:
    return il.show(value, unit).replace("\u202f", " ")


def test_estimate_gives_programs_the_values_of_solve(document: Callable[..., Any]) -> None:
    found = document("estimate", *SERVED)
    solved = il.solve(cli.HEADLINES, **il.scenario(**KINDS, **NUMBERS))
    assert {name: one["value"] for name, one in found["quantities"].items()} == {
        name: solved[name] for name in cli.HEADLINES
    }
    assert found["quantities"]["tpot"]["unit"] == "second*sequence/token"
    assert (found["model"], found["weights"], found["kv"]) == ("llama-3.1-70b", "fp8", "bf16")
    assert found["given"] == NUMBERS
    assert (found["feasible"], found["why"]) == (True, {})


def test_estimate_writes_csv(run: Run) -> None:
    code, out, _ = run("estimate", *SERVED, "--csv", "--want", "tpot", "weight_bytes")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert [row["name"] for row in rows] == ["tpot", "weight_bytes"]
    assert float(rows[1]["value"]) == 72656371712


@pytest.mark.parametrize(
    "words",
    [
        ["--prompt-tokens", "3000"],
        ["--prompt_tokens", "3000"],
        ["--prompt-tokens=3000"],
        ["--prompt-tokens", "3e3"],
        ["--set", "prompt_tokens=3000"],
        ["--set", "prompt-tokens=3000"],
    ],
)
def test_any_quantity_is_an_option(document: Callable[..., Any], words: list[str]) -> None:
    situation = il.scenario(**KINDS, **NUMBERS | {"prompt_tokens": 3000})
    found = document("estimate", *SERVED, *words, "--want", "ttft")
    assert found["quantities"]["ttft"]["value"] == il.solve("ttft", **situation)["ttft"]


def test_what_could_be_calculated_may_be_given(document: Callable[..., Any]) -> None:
    found = document("estimate", *SERVED, "--step-time", "0.01", "--want", "achieved_flops,tpot")
    assert list(found["quantities"]) == ["achieved_flops", "tpot"]
    assert found["quantities"]["tpot"]["value"] >= 0.01


@pytest.mark.parametrize("name", quantities)
def test_every_quantity_can_be_asked_for_and_given(name: str, run: Run) -> None:
    one = quantities[name]
    number = min(max(one.low, 2 if one.whole else 1.5), one.high)
    option = f"--{name.replace('_', '-')}={number}"
    code, _, err = run("estimate", "--model=qwen3-8b", "--chip=l4", option, "--want", name)
    assert (code, err) == (0, "")


def test_what_is_not_feasible_is_said_and_what_holds_is_shown(run: Run) -> None:
    code, out, err = run("estimate", *SERVED, *INFEASIBLE)
    shown = {line.split()[0]: line.split()[1] for line in out.splitlines() if line}
    assert (code, err) == (3, "")
    assert shown["tpot"] == shown["cost_per_output_token"] == "—"
    assert (shown["weight_bytes"], shown["fits"]) == ("72.7", "no")
    assert out.endswith(
        "\nNot feasible: 72.7 GB of weights and 52.4 GB of cache do not fit 72 GB of usable "
        "memory; it takes at least 2 chips.\n"
    )


def test_what_is_not_feasible_is_null_for_programs(document: Callable[..., Any]) -> None:
    words = ("estimate", *SERVED, *INFEASIBLE, "--want", "tpot", "fits", "weight_bytes")
    found = document(*words, code=3)
    values = {name: one["value"] for name, one in found["quantities"].items()}
    assert values == {"tpot": None, "fits": 0, "weight_bytes": 72656371712}
    assert found["feasible"] is False
    assert list(found["why"]) == ["fits"]


def test_what_needs_no_condition_is_feasible(run: Run) -> None:
    assert run("estimate", *SERVED, *INFEASIBLE, "--want", "weight_bytes")[0] == 0


def test_what_the_catalog_leaves_blank_is_left_out_and_named(run: Run) -> None:
    traffic = ["--prompt-tokens=1", "--output-tokens=1", "--concurrency=1", "--chips=100"]
    words = ["--model", "qwen3-8b", "--chip", "groq-lpu-v1", "--link-bandwidth", "1e10", *traffic]
    code, out, err = run("estimate", *words)
    assert code == 0
    assert "cost_per_input_token" not in out
    assert "left out cost_per_input_token; give --chip-price [dollar/second/chip]" in err
    assert run("estimate", *words, "--want", "cost_per_input_token")[0] == 2


# Explain


def test_explain_prints_the_tree(run: Run) -> None:
    code, out, err = run("explain", "cost-per-output-token", *SERVED)
    tree = il.explain("cost_per_output_token", il.scenario(**KINDS, **NUMBERS))
    assert (code, err) == (0, "")
    assert out == repr(tree).replace("\u202f", " ") + "\n"


def test_explain_gives_programs_the_same_tree(document: Callable[..., Any]) -> None:
    tree = il.explain("tpot", il.scenario(**KINDS, **NUMBERS))

    def agree(node: dict[str, Any], part: Any) -> None:
        one = part.quantity
        assert (node["name"], node["value"]) == (one.name, part.value)
        assert (node["unit"], node["source"]) == (one.unit, one.source)
        assert bool(node["formula"]) == bool(node["parts"])
        for below, other in zip(node["parts"], part.parts, strict=True):
            agree(below, other)

    found = document("explain", "tpot", *SERVED)
    agree(found, tree)
    assert r"t_\text{p}" in found["formula"]


def test_explain_says_what_is_not_feasible(run: Run, document: Callable[..., Any]) -> None:
    code, out, _ = run("explain", "tpot", *SERVED, *INFEASIBLE)
    assert code == 3
    assert out.startswith("72.7 GB of weights and 52.4 GB of cache do not fit")
    assert document("explain", "tpot", *SERVED, *INFEASIBLE, code=3)["feasible"] is False


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_and_an_engine_are_kinds(preset: str, document: Callable[..., Any]) -> None:
    kinds = {"preset": preset, "engine": "vllm 0.12.0"}
    tpot = il.solve("tpot", **il.scenario(**KINDS, **NUMBERS, **kinds))["tpot"]
    words = [*SERVED, *(f"--{name}={value}" for name, value in kinds.items())]
    found = document("estimate", *words)
    assert found["quantities"]["tpot"]["value"] == tpot
    assert {name: found[name] for name in kinds} == kinds
    assert document("explain", "tpot", *words)["value"] == tpot


def test_every_kind_of_a_scenario_is_an_option() -> None:
    assert list(arguments.KINDS) == list(scenarios.KINDS)


# Validate


MEASURED = """chip_id,model_id,precision_weights,num_chips,input_tokens,output_tokens,\
concurrency_or_batch,metric,per,value
h100-sxm,llama-3.1-8b,bf16,1,1000,500,8,tpot_s,request,0.01
h100-sxm,llama-3.1-8b,bf16,1,1000,500,16,tpot_s,request,0.02
h100-sxm,odd,bf16,1,1000,500,16,ttft_s,request,0.1
"""
ODD = "no model 'odd'; catalog.models() lists them"
ODD_SAID = "no model 'odd'; `inferlib list models` lists them"


@pytest.fixture
def measured(tmp_path: Path) -> Path:
    """Three measurements, of which one cannot be predicted."""
    file = tmp_path / "measurements.csv"
    file.write_text(MEASURED, encoding="utf-8")
    return file


def test_validate_reports_errors_and_what_is_not_predicted(run: Run, measured: Path) -> None:
    code, out, err = run("validate", str(measured))
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert " ".join(lines[0].split()) == "metric by group rows mape median bias p90"
    assert [" ".join(line.split()).split(" 2 ")[0] for line in lines[1:4]] == [
        "tpot_s all all",
        "tpot_s kind dense",
        "tpot_s pair dense, seen",
    ]
    assert lines[4:] == ["", "2 of 3 rows predicted (66.7 %)", f"1 not: {ODD_SAID}"]


def test_validate_for_programs(run: Run, document: Callable[..., Any], measured: Path) -> None:
    predicted = validation.predict(validation.read(measured), preset="roofline")
    found = document("validate", str(measured), "--preset", "roofline")
    assert (found["rows"], found["predicted"]) == (3, 2)
    assert found["why_not"] == {ODD: 1}
    assert found["report"] == validation.report(predicted).to_dicts()
    out = run("validate", str(measured), "--csv")[1]
    assert out.splitlines()[0] == "metric,by,group,rows,mape,median,bias,p90"
    assert len(out.splitlines()) == 1 + len(found["report"])


def test_what_was_not_measured_is_predicted_alone(
    run: Run, document: Callable[..., Any], measured: Path
) -> None:
    frame = validation.read(measured).drop("value")
    frame.write_csv(measured)
    predicted = validation.predict(frame)
    found = document("validate", str(measured))
    assert [row["predicted"] for row in found["predictions"]] == predicted["predicted"].to_list()
    lines = run("validate", str(measured))[1].splitlines()
    assert lines[0].split() == list(cli.PREDICTED)
    assert lines[3].split("  ")[-1] == ODD
    assert lines[5:] == ["2 of 3 rows predicted (66.7 %)", f"1 not: {ODD_SAID}"]


def test_a_table_without_rows_is_no_fault(run: Run, measured: Path) -> None:
    measured.write_text(MEASURED.splitlines()[0], encoding="utf-8")
    assert run("validate", str(measured)) == (0, "\n0 of 0 rows predicted (0 %)\n", "")


def test_many_rows_are_predicted_in_slices(
    document: Callable[..., Any], measured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = document("validate", str(measured))
    monkeypatch.setattr(cli, "SLICE", 1)
    assert document("validate", str(measured)) == whole


def test_a_bar_is_drawn_on_a_terminal_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(terminal.bar([1, 2])) == [1, 2]
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert list(terminal.bar([1])) == [1]
    assert capsys.readouterr().err == "", "one slice is no long work"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert list(terminal.bar([1, 2])) == [1, 2]
    assert f"[{'=' * 20}{' ' * 20}]" in capsys.readouterr().err


FILES = {
    "empty": (b"", "cannot be used: it is no text; give a CSV file with a header"),
    "blank": (b" \n\n", "cannot be used: it is no text; give a CSV file with a header"),
    "binary": (b"PK\x03\x04\x00\x00\x00", "cannot be used: it is no text; give a CSV file"),
    "latin": (b"kind,model\xe9\n", "is not text in UTF-8; give a CSV file"),
    "columns": (b"metric,per\ntpot_s,1\n", "cannot be used: the table has no column chip_id, "),
    "ragged": (b"kind,model,measured\n1,2,3,4\n", "cannot be used: "),
    "words": (MEASURED.replace("0.02", "fast").encode(), "cannot be used: 'value' of a row is 'fa"),
}


@pytest.mark.parametrize("name", FILES)
def test_an_unreadable_file_is_named(name: str, run: Run, tmp_path: Path) -> None:
    data, message = FILES[name]
    file = tmp_path / f"{name}.csv"
    file.write_bytes(data)
    code, out, err = run("validate", str(file))
    assert (code, out) == (4, "")
    assert err.startswith(f"inferlib: '{file}' {message}")
    assert err.count("\n") == 1


def test_a_missing_file_and_a_folder_are_named(run: Run, tmp_path: Path) -> None:
    assert run("validate", "/dev/zero")[::2] == (
        4, "inferlib: '/dev/zero' is no file; give a CSV file\n"
    )  # fmt: skip
    for place, reason in ((tmp_path / "none.csv", "No such file"), (tmp_path, "Is a directory")):
        code, _, err = run("validate", str(place))
        assert code == 4
        assert err.startswith(f"inferlib: '{place}' cannot be read: {reason}")


def test_a_pipe_is_a_file(run: Run, measured: Path) -> None:
    command = f"cat {measured} | {shlex.quote(sys.executable)} -m inferlib validate /dev/stdin"
    done = subprocess.run(["sh", "-c", command], capture_output=True, encoding="utf-8", cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == run("validate", str(measured))


# List


def test_list_shows_what_the_catalog_has(run: Run, document: Callable[..., Any]) -> None:
    for table in ("models", "chips", "dtypes", "prices"):
        frame = getattr(il.catalog, table)()
        code, out, err = run("list", table)
        assert (code, err, len(out.splitlines())) == (0, "", 1 + frame.height)
        assert document("list", table) == frame.to_dicts()
    assert "h100-sxm" in run("list", "chips")[1]
    assert "3.35 TB/s" in run("list", "chips")[1]


def test_list_shows_every_quantity(run: Run, document: Callable[..., Any]) -> None:
    assert [row["name"] for row in document("list", "quantities")] == list(quantities)
    rows = csv.DictReader(io.StringIO(run("list", "quantities", "--csv")[1]))
    assert {row["name"]: row["unit"] for row in rows}["tpot"] == quantities["tpot"].unit


# Help


@pytest.mark.parametrize("command", arguments.EXAMPLES)
def test_help_teaches_by_examples_that_run(
    command: str, run: Run, measured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = run(command, "--help")
    examples = [line for line in out.splitlines() if line.startswith(f"  inferlib {command} ")]
    assert (code, len(examples)) == (0, 2)
    monkeypatch.chdir(measured.parent)
    for example in examples:
        code, said, err = run(*shlex.split(example)[1:])
        assert (code, err) == (0, ""), example
        assert said


@pytest.mark.parametrize("command", [[], *([name] for name in arguments.EXAMPLES)])
def test_help_has_every_exit_code(command: list[str], run: Run) -> None:
    code, out, _ = run(*command, "--help")
    codes = [cli.OK, cli.UNWRITTEN, cli.USAGE, cli.INFEASIBLE, cli.UNREADABLE]
    assert code == 0
    assert [
        int(line.split()[0]) for line in out.partition("exit codes:")[2].splitlines()[1:]
    ] == codes


def test_help_stays_short(run: Run) -> None:
    assert len(run("estimate", "--help")[1].splitlines()) < 45


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"inferlib {il.__version__}\n", "")


# Faults


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "the following arguments are required: command; `inferlib --help` shows"),
        (["estimat"], "argument command: invalid choice: 'estimat'"),
        (["estimate"], "the following arguments are required: --model, --chip"),
        (
            ["estimate", *SERVED, "--chps", "4"],
            "no option is called '--chps', did you mean '--chip",
        ),
        (["estimate", *SERVED, "--chps=4"], "no option is called '--chps=4', did you mean '--chip"),
        (["estimate", *SERVED, "surplus"], "no option is called 'surplus', "),
        (["estimate", *SERVED, "--prompt", "4"], "no option is called '--prompt', did you mean"),
        (["estimate", *SERVED, "--model", "llama"], "no model 'llama'; did you mean 'llama-"),
        (["estimate", *SERVED, "--model", "?"], "no model '?'; `inferlib list models` lists them"),
        (["estimate", *SERVED, "--chip", "h100"], "no chip 'h100'; did you mean 'h100-sxm'"),
        (["estimate", *SERVED, "--weights", "fp9"], "no dtype 'fp9'; did you mean 'fp8'?"),
        (["estimate", *SERVED, "--pricing", "x"], "no price is on the basis 'x'; choose "),
        (["estimate", *SERVED, "--want", "tpott"], "no quantity is called 'tpott', did you mean"),
        (["estimate", *SERVED, "--want", "?"], "no quantity is called '?', and no name is near"),
        (["estimate", *SERVED, "--want", ""], "no quantity is called ''"),
        (["estimate", *SERVED, "--chips", "2k"], "'chips' is '2k'; give a plain number [chip]"),
        (["estimate", *SERVED, "--chips", ""], "'chips' is ''; give a plain number [chip]"),
        (["estimate", *SERVED, "--chips", "0"], "'chips' is 0; give Chips from 1 to 100000 [chip]"),
        (["estimate", *SERVED, "--chips", "-1"], "'chips' is -1; give Chips from 1 to 100000"),
        (["estimate", *SERVED, "--chips", "nan"], "'chips' is nan; give Chips from 1 to 100000"),
        (["estimate", *SERVED, "--chips", "inf"], "'chips' is inf; give Chips from 1 to 100000"),
        (["estimate", *SERVED, "--chips"], "argument --chips: expected one argument"),
        (["estimate", *SERVED, "--set", "chips"], "--set is 'chips'; write it like --set chips=4"),
        (["estimate", *SERVED, "--set", "chip=l4"], "--set is 'chip=l4'; write --chip l4"),
        (["estimate", *SERVED, "--tpot=0", "--want=user_throughput"], "'user_throughput' has no"),
        (["estimate", *SERVED, "--weight-bytes=1"], "'weight_bytes_read' comes out as -2.1"),
        (
            ["estimate", *SERVED, "--engine", "vllmm"],
            "no engine is called 'vllmm'; did you mean 'v",
        ),
        (["estimate", *SERVED, "--set", "chps=4"], "a scenario knows no 'chps'; did you mean"),
        (["estimate", "--model=qwen3-8b", "--chip=l4"], "give --concurrency [sequence], --output-"),
        (["explain", "--model=qwen3-8b", "--chip=l4"], "the following arguments are required: qua"),
        (["explain", "tpott", *SERVED], "no quantity is called 'tpott', did you mean 'tpot'"),
        (["explain", "tpot", "--model=qwen3-8b", "--chip=l4"], "give --concurrency [sequence]"),
        (["validate"], "the following arguments are required: FILE.csv"),
        (["list"], "the following arguments are required: table"),
        (["list", "gpus"], "argument table: invalid choice: 'gpus'"),
        (["list", "chips", "--json", "--csv"], "argument --csv: not allowed with argument --json"),
    ],
)
def test_a_fault_is_one_sentence_and_the_way_out(words: list[str], message: str, run: Run) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err.startswith(f"inferlib: {message}")
    assert err.count("\n") == 1


def test_an_unknown_preset_is_a_fault_of_its_own(run: Run, measured: Path) -> None:
    code, _, err = run("validate", str(measured), "--preset", "fited")
    assert (code, err) == (
        2, "inferlib: no preset is called 'fited'; did you mean 'fitted'?\n"
    )  # fmt: skip


def test_an_interrupt_ends_without_a_word(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "COMMANDS", {"estimate": interrupt})
    assert run("estimate", *SERVED) == (130, "", "")


# As a process


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    for words in (["estimate", *SERVED], ["list", "quantities"], ["--help"]):
        with Path("/dev/full").open("w", encoding="utf-8") as full:
            done = process(*words, stdout=full)
        assert (done.returncode, done.stderr) == (
            1, "inferlib: the output cannot be written: No space left on device\n"
        )  # fmt: skip


def test_a_pipe_that_closes_early_is_no_fault() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = process("list", "quantities", stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_terminal_that_knows_ascii_alone_is_served() -> None:
    plain = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = process("estimate", *SERVED, *INFEASIBLE, env=plain)
    assert (done.returncode, done.stderr) == (3, "")
    assert "tpot" in done.stdout


def test_a_closed_output_is_no_fault() -> None:
    command = f"{shlex.quote(sys.executable)} -m inferlib list quantities >&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_script_is_the_command() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"inferlib": f"{cli.main.__module__}:main"}


def test_help_needs_no_table() -> None:
    run = "import sys; from inferlib.cli import main; main(['--version'])"
    tell = f"{run}; print('polars' in sys.modules)"
    command = [sys.executable, "-c", tell]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.splitlines()[-1] == "False"
