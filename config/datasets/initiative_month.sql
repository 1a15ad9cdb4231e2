-- One row per initiative and month since it began: what it has cost and brought until the end of the month. Periods of
-- 90 days count once they are over. What a period brought is what was measured, and where nothing could be measured,
-- what was claimed. Cash flows are discounted at 10 % a year (discount_rate of board.yaml) from the initiative's own
-- start, the first period's not at all. It is paid back on the day on which what came in had made up for what went out,
-- counted evenly through the period in which that happened.
WITH ended AS (
    SELECT DISTINCT "month", last_day("month") AS closes
    FROM financial_month
    WHERE scenario = 'AC'
),
flow AS (
    SELECT
        initiative_period.initiative_key, initiative_period.due, initiative_period.cost,
        initiative_period.planned_benefit, initiative_period.claimed_benefit, initiative_period.measured_benefit,
        initiative_period.se,
        coalesce(initiative_period.measured_benefit, initiative_period.claimed_benefit, 0) AS benefit,
        date_diff('day', initiative.start, initiative_period.period) AS begun_after,
        date_diff('day', initiative.start, initiative_period.due) AS over_after
    FROM initiative_period
    JOIN initiative ON initiative.initiative_key = initiative_period.initiative_key
),
summed AS (
    SELECT
        *,
        (benefit - cost) / power(1.10, begun_after / 365.0) AS present_value,
        sum(benefit - cost) OVER (PARTITION BY initiative_key ORDER BY due) AS cash
    FROM flow
),
recovered AS (
    SELECT
        initiative_key, due,
        over_after - (over_after - begun_after) * cash / (benefit - cost) AS days
    FROM summed
    WHERE cash >= 0 AND benefit > cost
    QUALIFY row_number() OVER (PARTITION BY initiative_key ORDER BY due) = 1
),
to_date AS (
    SELECT
        ended."month", summed.initiative_key,
        sum(summed.cost) AS cost,
        sum(summed.benefit) AS benefit,
        sum(summed.present_value) AS present_value,
        sum(summed.planned_benefit) AS planned,
        sum(summed.planned_benefit) FILTER (WHERE summed.measured_benefit IS NOT NULL) AS planned_and_measured,
        sum(summed.claimed_benefit) AS claimed,
        sum(summed.measured_benefit) AS measured,
        sum(summed.se * summed.se) AS variance
    FROM ended
    JOIN summed ON summed.due <= ended.closes
    GROUP BY ended."month", summed.initiative_key
)
SELECT
    ended."month", initiative.initiative_key, initiative.title, initiative.owner, initiative.type,
    initiative.design, initiative.start,
    CASE WHEN to_date.measured IS NULL THEN 'claimed' ELSE 'measured' END AS basis,
    initiative."end" IS NULL OR initiative."end" > ended.closes AS under_way,
    initiative.start <= ended.closes - INTERVAL 12 MONTH AS begun_a_year_ago,
    initiative."end" IS NULL OR initiative."end" > ended.closes OR initiative.end_reason = 'achieved' AS kept,
    initiative.end_reason,
    CAST(year(initiative.start) AS VARCHAR) AS started_in,
    CASE
        WHEN initiative."end" IS NULL OR initiative."end" > ended.closes THEN 'under way'
        WHEN initiative.end_reason = 'achieved' THEN 'achieved'
        ELSE 'given up'
    END AS fate,
    initiative.kpi_id IS NOT NULL OR initiative.belief_ref IS NOT NULL AS has_kpi,
    initiative.customer_signal_ref IS NOT NULL AS from_a_signal,
    initiative.technology IS NOT NULL AND initiative.process_change IS NULL AS technology_alone,
    date_diff('day', initiative.start, ended.closes) AS age_days,
    to_date.cost, to_date.benefit, to_date.present_value, to_date.planned, to_date.planned_and_measured,
    to_date.claimed, to_date.measured, to_date.variance,
    CASE WHEN recovered.due <= ended.closes THEN recovered.days END AS payback_days
FROM ended
JOIN initiative ON initiative.start <= ended.closes
LEFT JOIN to_date ON to_date."month" = ended."month" AND to_date.initiative_key = initiative.initiative_key
LEFT JOIN recovered ON recovered.initiative_key = initiative.initiative_key
