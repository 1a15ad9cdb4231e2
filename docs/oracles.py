"""Which published or constructed figures the methods reproduce, and the tests that show it.

A test checks that each of the tests named here exists.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Oracle:
    """A figure or example that a method must give; `test` is `path::name` below tests/."""

    method: str
    what: str
    test: str


def _of(method: str, *rows: tuple[str, str]) -> tuple[Oracle, ...]:
    return tuple(Oracle(method, what, test) for what, test in rows)


NPS, SHARES, CHARTS, RULES = (
    f"analysis/test_{name}.py" for name in ("nps", "proportions", "process_behaviour", "special_causes")
)
BUYING, SPENDING, STAYING, RENEWING = (
    f"analysis/test_{name}.py" for name in ("purchasing", "spending", "survival", "contractual")
)
LEADS, EFFECTS, WORTH = (
    f"analysis/test_{name}.py" for name in ("lead_lag", "difference_in_differences", "investment")
)

ORACLES: tuple[Oracle, ...] = (
    *_of(
        "Net promoter scores",
        ("score, standard error and Wald interval of four tables", f"{NPS}::test_nps_wald"),
        ("adjusted Wald interval of the same tables", f"{NPS}::test_nps_adjusted_wald"),
        ("5/0/0: never a certain hundred", f"{NPS}::test_five_promoters_are_not_a_certain_hundred"),
        ("no Wald interval of small samples", f"{NPS}::test_plain_wald_is_refused_for_small_samples"),
        ("effective n of the weights 1, 1, 1, 2, 2, 3: 5.0", f"{NPS}::test_effective_n"),
        ("correction for a finite population", f"{NPS}::test_the_finite_population_correction"),
        (
            "25.0 to 30.0: z 0.581, no detectable change",
            f"{NPS}::test_nps_change_of_five_points_is_not_detectable",
        ),
        ("in words", "analysis/test_period_change.py::test_five_points_more_are_no_detectable_change"),
        ("n of 922 for ±5 points; half-widths at n = 30 to 1,000", f"{NPS}::test_planning_figures"),
        ("a panel by paired scores", f"{NPS}::test_a_panel_is_compared_customer_by_customer"),
    ),
    *_of(
        "Proportions",
        ("Wilson's interval of Newcombe's examples", f"{SHARES}::test_wilson"),
        ("Newcombe's difference 56/70 − 48/80", f"{SHARES}::test_newcombe"),
        ("201/329 − 232/1056", f"{SHARES}::test_newcombe_on_executives_against_customers"),
        (
            "the rule for rare shares: 0.130 at p = 0.10",
            f"{SHARES}::test_a_share_is_reliable_by_the_error_of_its_logarithm",
        ),
    ),
    *_of(
        "Process behaviour",
        ("NIST flow rates, by 3/1.128 and by 2.66", f"{CHARTS}::test_nist_flow_rate"),
        ("vignette of NHSRplotthedots, screened and not", f"{CHARTS}::test_vignette"),
        ("snapshots of R, with and without an outlier", f"{CHARTS}::test_r_snapshots"),
        ("thirteen points", f"{CHARTS}::test_thirteen_points_are_needed_to_judge"),
        ("rule vectors in sigma, MDC and R", f"{RULES}::test_published_vectors"),
        ("a tie breaks a trend", f"{RULES}::test_a_tie_breaks_a_trend"),
        ("precedence of labels", f"{RULES}::test_the_label_follows_the_precedence_and_the_rest_is_kept"),
        ("assurance against limits", "analysis/test_icons.py::test_assurance_against_limits_of_40_and_60"),
        (
            "improvement and concern at once",
            "analysis/test_icons.py::test_improvement_and_concern_at_once_is_improvement",
        ),
        ("Montgomery's p-chart of cans", "analysis/test_rate_charts.py::test_montgomerys_cans"),
        ("Montgomery's u-chart of boards", "analysis/test_rate_charts.py::test_montgomerys_circuit_boards"),
        (
            "Laney's chart of large n is the XmR chart",
            "analysis/test_rate_charts.py::test_with_equal_large_n_laneys_chart_is_the_xmr_chart",
        ),
        (
            "a seasonal series raises no false alarms",
            "analysis/test_seasonal_behaviour.py::test_false_alarms_are_no_more_frequent_than_on_a_plain_chart",
        ),
        (
            "capability foretells simulated processes",
            "analysis/test_capability.py::test_it_foretells_what_a_steady_process_does",
        ),
    ),
    *_of(
        "Suppression",
        (
            "the vignette of GaussSuppression",
            "analysis/test_suppression.py::test_the_published_example_of_gauss_suppression",
        ),
        ("the fixed point", "analysis/test_suppression.py::test_hiding_again_hides_no_more"),
        (
            "no hidden cell follows, by solving the equations",
            "analysis/test_suppression.py::test_no_hidden_cell_of_a_random_table_can_be_worked_out",
        ),
        (
            "no small figure follows from overlapping months, quarters and windows",
            "analysis/test_suppression_in_time.py::"
            "test_no_small_figure_follows_from_all_months_quarters_years_and_windows",
        ),
        (
            "nothing small follows from page and query",
            "board/test_masking.py::test_nothing_small_follows_from_all_that_page_and_query_show",
        ),
        (
            "one mask in page, table, file and query",
            "board/test_masking.py::test_page_table_file_and_query_keep_back_the_same",
        ),
    ),
    *_of(
        "Purchases and spending",
        ("BG/NBD of CDNOW: parameters, likelihood, totals", f"{BUYING}::test_cdnow"),
        ("expected purchases of a new customer", f"{BUYING}::test_published_expectations_of_a_new_customer"),
        ("E[Y] 1.226 and P(alive) 0.727", f"{BUYING}::test_the_published_customer"),
        ("P(X(39) = 0) and P(X(2) = 10)", f"{BUYING}::test_published_probabilities"),
        ("Gamma-Gamma of CDNOW", f"{SPENDING}::test_cdnow"),
        ("expected spend of five customers", f"{SPENDING}::test_published_expectations"),
    ),
    *_of(
        "Survival",
        ("Kaplan–Meier and Greenwood of a published curve", f"{STAYING}::test_a_published_curve"),
        ("aml, maintained", f"{STAYING}::test_the_maintained_group_of_aml"),
        ("aml by log-rank", f"{STAYING}::test_aml_by_log_rank"),
        (
            "delayed entry",
            f"{STAYING}::test_those_who_joined_before_the_records_are_not_at_risk_before_them",
        ),
        ("ten at risk", f"{STAYING}::test_the_curve_stops_while_ten_are_at_risk"),
    ),
    *_of(
        "Renewals (sBG)",
        ("Fader and Hardie's Regular and High End", f"{RENEWING}::test_the_published_fit"),
        ("the trap of α = 0.688", f"{RENEWING}::test_the_alpha_that_a_loose_tolerance_lets_pass"),
        ("residual values (DERL)", f"{RENEWING}::test_residual_values"),
        ("DERL is the sum it stands for", f"{RENEWING}::test_a_residual_value_is_the_sum_it_stands_for"),
        ("hold-out of years 8 to 12", f"{RENEWING}::test_the_holdout_of_the_published_example"),
        ("the unweighted-cohort trap", f"{RENEWING}::test_a_cohort_weighs_what_it_holds"),
    ),
    *_of(
        "Lead and lag",
        ("Series M: lag 3, and not the spurious lag 0", f"{LEADS}::test_series_m_leads_by_three"),
        (
            "at most 7 % false positives among 2,000 pairs",
            f"{LEADS}::test_unconnected_pairs_are_called_connected_at_most_seven_times_in_a_hundred",
        ),
        (
            "Benjamini and Hochberg's example",
            "analysis/test_multiple_testing.py::test_the_example_of_benjamini_and_hochberg",
        ),
        (
            "smallest detectable r at n = 36 and 60",
            "analysis/test_multiple_testing.py::test_the_smallest_correlation_that_shows",
        ),
        ("24 and 36 values", f"{LEADS}::test_thirty_six_values_after_differencing_bear_a_verdict"),
        (
            "a planted lag of two quarters",
            "analysis/test_evidence.py::test_a_planted_lag_of_two_quarters_is_supported",
        ),
        ("a planted null", "analysis/test_evidence.py::test_a_planted_null_is_not_detected"),
        ("what was planted in Meridian", "demo/test_evidence.py::test_what_leads_is_supported_at_its_lag"),
        (
            "what was not planted in Meridian",
            "demo/test_evidence.py::test_what_is_unrelated_is_not_detected",
        ),
    ),
    *_of(
        "Difference in differences",
        ("Card and Krueger's means", f"{EFFECTS}::test_card_and_kruegers_means"),
        ("four groups, pooled: 3.5, SE 1.4434", f"{EFFECTS}::test_four_groups_pooled"),
        ("the same paired: SE 0.5", f"{EFFECTS}::test_pairing_matters"),
    ),
    *_of(
        "Customer equity and growth",
        ("280 + 80 − 40 = 320", "analysis/test_customer_equity.py::test_the_worked_example"),
        (
            "every statement foots to the minor unit",
            "analysis/test_customer_equity.py::test_every_statement_foots_to_the_minor_unit",
        ),
        ("Gupta and Lehmann's multiples", "analysis/test_multiples.py::test_the_published_table"),
        ("earned growth 10 %, ratio 33 %", "analysis/test_growth.py::test_the_published_earned_growth"),
        ("NRR 63.3 %, GRR 53.3 %", "analysis/test_growth.py::test_four_customers"),
    ),
    *_of(
        "Driver importance",
        (
            "relaimpo's shares of R's swiss",
            "analysis/test_driver_importance.py::test_the_published_shares_of_the_swiss_data",
        ),
        ("two drivers by hand", "analysis/test_driver_importance.py::test_two_drivers_by_hand"),
    ),
    *_of(
        "Investment",
        ("net present values 1188.44 and 1922.06", f"{WORTH}::test_net_present_value"),
        (
            "profitability index, payback and ROI of the same plan",
            f"{WORTH}::test_the_other_figures_of_the_same_plan",
        ),
        ("internal rates 8.663 % and 28.095 %", f"{WORTH}::test_the_internal_rate"),
    ),
    *_of(
        "Coverage over 2,000 draws",
        ("net promoter scores", "analysis/test_coverage.py::test_net_promoter_scores"),
        ("changes of scores", "analysis/test_coverage.py::test_changes_of_net_promoter_scores"),
        ("proportions", "analysis/test_coverage.py::test_proportions"),
        ("changes of proportions", "analysis/test_coverage.py::test_changes_of_proportions"),
        ("difference in differences", f"{EFFECTS}::test_ninety_five_percent_intervals_cover"),
    ),
)

_OPENING = """# Oracles

The published and constructed figures that the methods reproduce, and the test of each, below `tests/`. Data
that others own is taken from packages that ship it, for tests alone.

| method | figure or example | test |
|---|---|---|
"""


def oracle_page() -> str:
    """The table as Markdown."""
    return _OPENING + "".join(f"| {each.method} | {each.what} | `{each.test}` |\n" for each in ORACLES)
