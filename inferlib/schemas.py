"""What a row of each table is: its columns, their units, and the rules for their values."""

from dataclasses import dataclass

ABOVE, ZERO, SIGNED = "above zero", "zero or more", "of either sign"
BLANK, FILLED = "above zero, or blank", "not blank"
KINDS = dict(id="in a-z0-9._-", text="in words", date="like 2026-11-23", flag="as true or false")


@dataclass(frozen=True)
class Column:
    """One column: its name, its unit (one of KINDS if not a number), the rule for its values."""

    name: str
    unit: str
    rule: str


_PROVENANCE = (("text", FILLED, "source"), ("date", FILLED, "as_of"), ("text", BLANK, "notes"))


def _columns(*groups: tuple[str, str, str]) -> tuple[Column, ...]:
    every = (*groups, *_PROVENANCE)
    return tuple(Column(name, unit, rule) for unit, rule, names in every for name in names.split())


SCHEMAS = {
    "chips": _columns(
        ("id", FILLED, "chip"),
        ("text", FILLED, "name vendor family status"),
        ("year", ABOVE, "released"),
        ("byte/chip", ABOVE, "chip_memory"),
        ("byte/second/chip", ABOVE, "memory_bandwidth"),
        ("flop/second/chip", BLANK, "bf16_flops fp8_flops int8_flops fp4_flops"),
        ("joule/second/chip", BLANK, "chip_power"),
        ("byte/second", BLANK, "link_bandwidth"),
        ("text", FILLED, "confidence"),
    ),
    "models": _columns(
        ("id", FILLED, "model"),
        ("text", FILLED, "name org released"),
        ("1", ABOVE, "layers model_width vocabulary embedding_matrices query_heads kv_heads"),
        ("1", ZERO, "head_size query_rank kv_rank nope_size rope_size value_size"),
        ("1", ZERO, "attention_gates full_layers window_layers linear_layers"),
        ("token/sequence", ZERO, "window selected_tokens"),
        ("1", ZERO, "index_heads index_size linear_key_heads linear_key_size"),
        ("1", ZERO, "linear_value_heads linear_value_size convolution_width"),
        ("byte", ZERO, "bytes_per_state_value"),
        ("1", ZERO, "dense_layers ffn_width"),
        ("1", ABOVE, "ffn_matrices"),
        ("1", ZERO, "moe_layers experts experts_per_token expert_width shared_width"),
        ("1", ZERO, "norms_per_layer small_values_per_layer position_values"),
        ("share", ZERO, "wide_attention_share"),
        ("token/sequence", ABOVE, "max_context"),
        ("token", BLANK, "training_tokens"),
        ("1", BLANK, "published_parameters published_active_parameters"),
        ("text", FILLED, "attention native_dtype confidence"),
    ),
    "assumptions": _columns(
        ("id", FILLED, "input"),
        ("base", ZERO, "value low high"),
    ),
    "calibration": _columns(
        ("id", FILLED, "input preset engine weights chip"),
        ("base", ZERO, "value low high"),
        ("1", ZERO, "rows groups"),
        ("share", ZERO, "error"),
    ),
    "slowdowns": _columns(
        ("id", FILLED, "model"),
        ("text", FILLED, "engine"),
        ("id", BLANK, "chip weights"),
        ("share", ABOVE, "slowdown"),
        ("1", ABOVE, "rows groups"),
    ),
    "scores": _columns(
        ("id", FILLED, "split"),
        ("text", FILLED, "metric by group"),
        ("1", ABOVE, "rows"),
        ("share", ZERO, "mape median"),
        ("share", SIGNED, "bias"),
        ("share", ZERO, "p90"),
    ),
    "lone_speeds": _columns(
        ("id", FILLED, "chip model weights"),
        ("text", FILLED, "engine"),
        ("token/sequence", ABOVE, "output_tokens"),
        ("token/second/sequence", ABOVE, "user_throughput"),
    ),
    "dtypes": _columns(
        ("id", FILLED, "dtype"),
        ("text", FILLED, "name"),
        ("byte", ABOVE, "bytes_per_value"),
        ("text", FILLED, "rates"),
        ("flag", FILLED, "weights kv"),
    ),
    "prices": _columns(
        ("id", FILLED, "chip"),
        ("text", FILLED, "provider"),
        ("text", BLANK, "region instance"),
        ("text", FILLED, "basis"),
        ("dollar/hour/chip", ABOVE, "dollars_per_hour"),
        ("chip", ABOVE, "chips_per_instance"),
        ("date", FILLED, "since"),
        ("date", BLANK, "until"),
    ),
    "list_prices": _columns(
        ("id", FILLED, "provider"),
        ("text", FILLED, "api_model"),
        ("id", BLANK, "model"),
        ("token/sequence", ZERO, "from_prompt_tokens"),
        ("dollar/million token", ABOVE, "input_dollars_per_million"),
        ("dollar/million token", BLANK, "cached_input_dollars_per_million"),
        ("dollar/million token", BLANK, "cache_write_dollars_per_million"),
        ("dollar/million token", ABOVE, "output_dollars_per_million"),
    ),
    "claims": _columns(
        ("id", FILLED, "id"),
        ("text", FILLED, "claim kind"),
        ("id", FILLED, "chapter"),
        ("text", FILLED, "verdict finding"),
        ("text", BLANK, "setting other"),
    ),
    "training_runs": _columns(
        ("id", FILLED, "run"),
        ("text", FILLED, "name org released"),
        ("id", BLANK, "chip"),
        ("text", FILLED, "chip_name"),
        ("flop/second/chip", ABOVE, "training_chip_flops"),
        ("1", ABOVE, "active_parameters"),
        ("token", ABOVE, "training_tokens"),
        ("second*chip", ABOVE, "training_chip_time"),
        ("share", BLANK, "published_mfu"),
        ("text", FILLED, "confidence"),
    ),
}
SERIES = ("chip", "provider", "region", "instance", "basis")
# What names a row of a table without an identifier, and a column that names a row of another.
KEYS = {
    "prices": (*SERIES, "since"),
    "list_prices": ("provider", "api_model", "from_prompt_tokens"),
    "calibration": ("input", "preset", "engine", "weights", "chip"),
    "slowdowns": ("model", "engine", "chip", "weights"),
    "scores": ("split", "metric", "by", "group"),
    "lone_speeds": ("chip", "model", "weights", "output_tokens"),
}
JOINS = {
    "prices": ("chips", "chip"),
    "list_prices": ("models", "model"),
    "lone_speeds": ("chips", "chip"),
    "training_runs": ("chips", "chip"),
}
