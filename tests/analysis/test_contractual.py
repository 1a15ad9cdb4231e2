"""The shifted-beta-geometric model against its authors' example, brute-force sums and simulated customers."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.contractual import (
    ContractCohort,
    ContractFit,
    ContractHoldout,
    ContractModel,
    contract_holdout,
    fit_contracts,
)
from dashboard.analysis.intervals import Insufficient

# Fader & Hardie 2007, per thousand who joined; years 8 to 12 are their hold-out.
REGULAR = (1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173)
HIGH_END = (1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394)


def cohort(survivors: Sequence[int]) -> ContractCohort:
    lost = tuple(before - after for before, after in pairwise(survivors))
    return ContractCohort(lost, survivors[-1])


def fitted(*cohorts: ContractCohort) -> ContractFit:
    fit = fit_contracts(cohorts)
    assert isinstance(fit, ContractFit)
    return fit


@pytest.mark.parametrize(
    ("survivors", "alpha", "beta", "log_likelihood", "projection"),
    [
        (
            REGULAR,
            0.704,
            1.182,
            -1680.3,
            (62.7, 47.4, 38.8, 33.2, 29.2, 26.2, 23.9, 22.0, 20.4, 19.1, 18.0, 17.0),
        ),
        (
            HIGH_END,
            0.668,
            3.806,
            -1611.2,
            (85.1, 74.7, 67.0, 61.0, 56.2, 52.2, 48.9, 46.0, 43.6, 41.4, 39.5, 37.8),
        ),
    ],
)
def test_the_published_fit(
    survivors: tuple[int, ...],
    alpha: float,
    beta: float,
    log_likelihood: float,
    projection: tuple[float, ...],
) -> None:
    fit = fitted(cohort(survivors[:8]))
    assert (fit.model.alpha, fit.model.beta) == pytest.approx((alpha, beta), abs=5e-4)
    assert fit.log_likelihood == pytest.approx(log_likelihood, abs=0.05)
    assert [100 * share for share in fit.model.projection(12)] == pytest.approx([100, *projection], abs=0.05)
    assert (fit.customers, fit.lost, fit.renewals) == (1000, 1000 - survivors[7], 7)


def test_the_alpha_that_a_loose_tolerance_lets_pass() -> None:
    # 0.688 is in circulation for this cohort; the likelihood is highest at 0.704.
    fit = fitted(cohort(REGULAR[:8]))
    assert abs(fit.model.alpha - 0.688) > 0.015


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (ContractModel(0.704, 1.182), (2.9647, 4.1035, 5.8944, 7.2786)),
        (ContractModel(0.668, 3.806), (5.4149, 5.9018, 6.8971, 7.8434)),
    ],
)
def test_residual_values(model: ContractModel, values: tuple[float, ...]) -> None:
    found = [model.residual_value(0.10, renewals=n - 1) for n in (1, 2, 5, 10)]
    assert found == pytest.approx(values, abs=5e-5)


@settings(deadline=None)
@given(st.floats(0.02, 200), st.floats(0.02, 200), st.floats(0.02, 2), st.integers(0, 300))
def test_a_residual_value_is_the_sum_it_stands_for(a: float, b: float, rate: float, renewals: int) -> None:
    terms = np.arange(renewals, renewals + int(40 / rate) + 40)
    survival = np.cumprod((b + terms) / (a + b + terms))
    brute_force = (survival / (1 + rate) ** np.arange(len(terms))).sum()
    assert ContractModel(a, b).residual_value(rate, renewals=renewals) == pytest.approx(brute_force, rel=1e-9)


def test_standard_errors_are_those_of_repeated_samples() -> None:
    truth, generator = ContractModel(0.9, 2.5), np.random.default_rng(20260930)
    chances = np.array(
        [*(a - b for a, b in zip(truth.projection(7), truth.projection(8)[1:8], strict=False))]
    )
    chances = np.append(chances[:7], truth.survival(7))
    draws = generator.multinomial(4000, chances / chances.sum(), size=120)
    fits = [fitted(ContractCohort(tuple(draw[:7].tolist()), int(draw[7]))) for draw in draws]
    alphas = np.array([fit.model.alpha for fit in fits])
    betas = np.array([fit.model.beta for fit in fits])
    assert alphas.mean() == pytest.approx(0.9, abs=0.03)
    assert betas.mean() == pytest.approx(2.5, abs=0.1)
    assert np.mean([fit.alpha_error for fit in fits]) == pytest.approx(alphas.std(), rel=0.2)
    assert np.mean([fit.beta_error for fit in fits]) == pytest.approx(betas.std(), rel=0.2)


def test_cohorts_of_several_ages_pool() -> None:
    whole = cohort(REGULAR[:8])
    halves = [
        ContractCohort(tuple(number // 2 for number in whole.lost), 120),
        ContractCohort(tuple(number - number // 2 for number in whole.lost), 121),
    ]
    assert fitted(*halves).model == fitted(whole).model


def test_young_cohorts_tell_of_early_renewals_alone() -> None:
    model = ContractModel(0.704, 1.182)
    survivors = [round(1_000_000 * share) for share in model.projection(7)]
    fit = fitted(cohort(survivors), cohort(survivors[:4]), cohort(survivors[:2]))
    assert (fit.model.alpha, fit.model.beta) == pytest.approx((0.704, 1.182), abs=1e-4)
    assert fit.customers == 3_000_000


def test_a_cohort_weighs_what_it_holds() -> None:
    # Twenty customers who nearly all left must not count like a thousand who did not.
    small = ContractCohort((16, 2, 1), 1)
    fit = fitted(cohort(HIGH_END[:8]), small)
    assert 100 * fit.model.survival(1) == pytest.approx((869 + 4) / 1020 * 100, abs=2)


def test_those_who_joined_before_the_records_tell_of_late_renewals_alone() -> None:
    # The same customers, first seen when they have renewed three times already.
    late = ContractCohort(cohort(REGULAR[:8]).lost[3:], 241, renewals_before=3)
    early = cohort(REGULAR[:4])
    assert fitted(early, late).model.alpha == pytest.approx(0.704, abs=0.01)
    assert fitted(early, late).renewals == 7
    # Taken for new customers, they would look far more loyal than any new customer is.
    naive = fitted(early, ContractCohort(late.lost, late.still_here))
    assert naive.model.survival(1) > 0.66


def test_the_holdout_of_the_published_example() -> None:
    held = contract_holdout([cohort(REGULAR)], renewals=5)
    assert isinstance(held, ContractHoldout)
    assert held.observed == (223, 207, 194, 183, 173)
    # From the 241 who were still here after seven renewals, not from the model's own 239.
    model = fitted(cohort(REGULAR[:8])).model
    assert held.expected[4] == pytest.approx(241 * model.survival(12) / model.survival(7))
    assert held.error == pytest.approx(0.0066, abs=5e-5)


@pytest.mark.parametrize(
    ("cohorts", "reason"),
    [
        ([], "There are no customers."),
        ([ContractCohort((), 0)], "There are no customers."),
        ([ContractCohort((1,), 0)], "Too few customers were lost to fit a model: 1; 10 are needed."),
        ([ContractCohort((1,), 1)], "Too few customers were lost to fit a model: 1; 10 are needed."),
        ([ContractCohort((), 500)], "Too few customers were lost to fit a model: 0; 10 are needed."),
        (
            [ContractCohort((50,), 50)],
            "Only one renewal was observed; two parameters need at least two.",
        ),
        (
            [ContractCohort((50, 0, 0), 0), ContractCohort((9,), 0, renewals_before=1)],
            "Every customer was lost at the first renewal observed.",
        ),
        ([ContractCohort((10, -1), 5)], "A cohort has a negative count."),
        (
            [ContractCohort((100, 90, 81), 729)],
            "Retention does not rise with age, as this model must have it.",
        ),
        (
            [ContractCohort((10, 90, 300), 100)],
            "Retention does not rise with age, as this model must have it.",
        ),
    ],
)
def test_what_cannot_be_told(cohorts: list[ContractCohort], reason: str) -> None:
    assert fit_contracts(cohorts) == Insufficient(reason)


def test_a_spread_too_faint_to_tell_gives_no_number() -> None:
    # One customer in ten leaves at every renewal; a hair more do at the first.
    faint = fit_contracts([ContractCohort((1001, 900, 810), 7289)])
    assert isinstance(faint, Insufficient)
    assert faint.reason.startswith(("The fit did not converge", "The fit does not determine"))


def test_a_holdout_that_cannot_be_had() -> None:
    assert contract_holdout([cohort(REGULAR[:4])], renewals=3) == Insufficient(
        "No cohort has more than the 3 renewals that are held out."
    )
    assert contract_holdout([ContractCohort((50, 20, 30), 0)], renewals=1) == Insufficient(
        "No customer was still here at the renewals that are held out."
    )


def test_impossible_settings_are_refused() -> None:
    model = ContractModel(0.7, 1.2)
    for call, message in (
        (lambda: model.residual_value(0.0), "discount_rate is 0.0; it must be above 0 a period."),
        (lambda: model.residual_value(0.1, renewals=-1), "renewals is -1; it cannot be negative."),
        (lambda: contract_holdout([], renewals=0), "renewals is 0; hold out at least 1."),
    ):
        with pytest.raises(ValueError) as refused:
            call()
        assert str(refused.value) == message


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=7), st.integers(0, 10**9))
def test_any_counts_give_a_model_or_a_reason(lost: list[int], still_here: int) -> None:
    fit = fit_contracts([ContractCohort(tuple(lost), still_here)])
    if isinstance(fit, Insufficient):
        assert fit.reason.endswith(".")
        return
    retention = [fit.model.retention(renewal) for renewal in range(1, 30)]
    assert all(0 <= share <= 1 for share in retention)
    assert retention == sorted(retention)
    assert np.isfinite([fit.alpha_error, fit.beta_error, fit.log_likelihood]).all()
