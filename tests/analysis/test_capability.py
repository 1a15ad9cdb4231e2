"""How often the target will be missed: by the normal distribution, and by simulation."""

import numpy as np
import pytest

from dashboard.analysis.capability import Capability, target_capability
from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.process_behaviour import Better, process_behaviour

STEADY = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1, 50.0, 49.0, 51.0, 50.5]


def capability(target: float, better: Better) -> Capability:
    made = target_capability(process_behaviour(STEADY), target, better)
    assert isinstance(made, Capability), made
    return made


def test_at_the_mean_half_of_the_values_miss() -> None:
    limits = process_behaviour(STEADY).limits[-1]
    assert limits is not None
    for better in ("higher", "lower"):
        made = capability(limits.centre, better)  # type: ignore[arg-type]
        assert made.expected == pytest.approx(6.0)
        assert (
            made.sentence
            == "Will miss the target in about 6 of the next 12 periods unless the process changes."
        )


def test_at_a_limit_hardly_any_or_nearly_all() -> None:
    limits = process_behaviour(STEADY).limits[-1]
    assert limits is not None
    # Three sigma, by the factor 2.66 for 3/1.128: one tail is 0.00135.
    assert capability(limits.lower, "higher").chance == pytest.approx(0.00135, abs=1e-5)
    assert capability(limits.lower, "higher").sentence == (
        "Will meet the target in nearly all of the next 12 periods unless the process changes."
    )
    assert capability(limits.lower, "lower").sentence == (
        "Will miss the target in nearly all of the next 12 periods unless the process changes."
    )


def test_a_tolerance_around_zero_is_missed_on_both_sides() -> None:
    values = [value - 50 for value in STEADY]
    made = target_capability(process_behaviour(values), 2.0, "zero")
    mirrored = target_capability(process_behaviour([-value for value in values]), -2.0, "zero")
    assert isinstance(made, Capability) and isinstance(mirrored, Capability)
    assert made.chance == pytest.approx(mirrored.chance)
    one_side = target_capability(process_behaviour(values), 2.0, "lower")
    assert isinstance(one_side, Capability)
    assert made.chance > one_side.chance


def test_it_foretells_what_a_steady_process_does() -> None:
    rng = np.random.default_rng(23)
    told, happened = [], []
    for _ in range(400):
        values = rng.normal(50, 2, 36)
        made = target_capability(process_behaviour(values[:24].tolist()), 49.0, "higher")
        if isinstance(made, Capability):
            told.append(made.expected)
            happened.append(int((values[24:] < 49.0).sum()))
    assert len(told) > 300
    assert np.mean(told) == pytest.approx(np.mean(happened), abs=0.3)


def test_a_process_that_does_not_vary_meets_a_target_that_it_equals() -> None:
    behaviour = process_behaviour([50.0] * 14)
    for target, expected in ((50.0, 0.0), (49.0, 0.0), (51.0, 12.0)):
        made = target_capability(behaviour, target, "higher")
        assert isinstance(made, Capability) and made.expected == expected


@pytest.mark.parametrize(
    ("values", "target", "better", "reason"),
    [
        (STEADY, None, "higher", "There is no target."),
        (STEADY, 5.0, "neutral", "Neither direction is better, so no value misses the target."),
        ([], 5.0, "higher", "There are too few points to tell how the process runs."),
        ([1.0, 2.0], 5.0, "higher", "There are too few points to tell how the process runs."),
        (
            [*STEADY, 1e9],
            5.0,
            "higher",
            "The process is changing; what it will do cannot be told from its past.",
        ),
    ],
)
def test_where_nothing_can_be_foretold_there_is_a_reason(
    values: list[float], target: float | None, better: Better, reason: str
) -> None:
    assert target_capability(process_behaviour(values), target, better) == Insufficient(reason)


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError) as refused:
        target_capability(process_behaviour(STEADY), float("nan"), "higher")
    assert str(refused.value) == "target is nan; a missing target is None."
    with pytest.raises(ValueError) as refused:
        target_capability(process_behaviour(STEADY), 5.0, "higher", periods=0)
    assert str(refused.value) == "periods is 0; look ahead at least 1."


def test_a_season_adds_to_the_centre_of_the_periods_ahead() -> None:
    behaviour = process_behaviour(STEADY)
    limits = behaviour.limits[-1]
    assert limits is not None
    up_and_down = target_capability(behaviour, limits.centre, "higher", pattern=(1000.0, -1000.0))
    assert isinstance(up_and_down, Capability)
    assert up_and_down.expected == pytest.approx(6)
    first = target_capability(behaviour, limits.centre, "higher", periods=1, pattern=(1000.0, -1000.0))
    assert isinstance(first, Capability)
    assert first.expected == pytest.approx(0)
    with pytest.raises(ValueError, match=r"^pattern is empty; without a season it is \(0\.0,\)\.$"):
        target_capability(behaviour, 5.0, "higher", pattern=())
