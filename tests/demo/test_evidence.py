"""The product finds what was planted in Meridian, at its lag, and claims nothing of what was not.

The months come the public way: rows are measured, recorded in a ledger and read back as figures.
"""

import pytest

from dashboard.analysis.evidence import Belief, Evidence, Verdict, judge, judge_together
from dashboard.demo import truths
from tests.demo.kpis import MONTHS, Measured

LAGS = (0, 12)  # as many as were tried when the truths were planted: each is corrected for all thirteen


def judged(found: Measured, customer: str, financial: str, sign: str, window: tuple[int, int]) -> Evidence:
    belief = Belief(customer, financial, "minus" if sign == "minus" else "plus", window)
    one, other = ([found.figure(metric, month).value for month in MONTHS] for metric in (customer, financial))
    return judge(belief, one, other, cycle=12)


@pytest.mark.slow
@pytest.mark.parametrize("lead", truths.LEADS, ids=lambda lead: lead.follower)
def test_what_leads_is_supported_at_its_lag(whole: Measured, lead: truths.Lead) -> None:
    evidence = judged(whole, lead.leader, lead.follower, lead.sign, LAGS)
    assert evidence.verdict is Verdict.SUPPORTED, evidence.sentence
    assert evidence.lead_lag is not None
    assert evidence.lead_lag.strongest.lag == lead.lag_months
    assert [each.lag for each in evidence.lead_lag.correlations if each.tested and each.significant] == [
        lead.lag_months
    ]


@pytest.mark.slow
def test_the_other_sign_is_contradicted(whole: Measured) -> None:
    lead = truths.FAILURE_TO_COST_TO_SERVE
    evidence = judged(whole, lead.leader, lead.follower, "plus", LAGS)
    assert evidence.verdict is Verdict.CONTRADICTED, evidence.sentence


@pytest.mark.slow
@pytest.mark.parametrize("pair", truths.UNRELATED, ids=lambda pair: pair.customer)
def test_what_is_unrelated_is_not_detected(whole: Measured, pair: truths.Unrelated) -> None:
    evidence = judged(whole, pair.customer, pair.financial, "plus", LAGS)
    assert evidence.verdict is Verdict.NOT_DETECTED, evidence.sentence


@pytest.mark.slow
def test_judged_together_the_truths_stand_and_the_others_do_not(whole: Measured) -> None:
    """Beliefs of a quarter more or less, as a board declares them, and all tried lags corrected for."""
    beliefs = [
        judged(
            whole,
            lead.leader,
            lead.follower,
            lead.sign,
            (lead.lag_months - 3, lead.lag_months + 3),
        )
        for lead in truths.LEADS
    ]
    beliefs += [judged(whole, pair.customer, pair.financial, "plus", (0, 6)) for pair in truths.UNRELATED]
    verdicts = [each.verdict for each in judge_together(beliefs)]
    assert verdicts == [Verdict.SUPPORTED] * 4 + [Verdict.NOT_DETECTED] * 3
