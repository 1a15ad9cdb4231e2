-- What each 90 days of an initiative cost, spread evenly over their days, by month. An initiative looks far ahead where
-- more than half of the benefit that is planned for it comes from periods that end over twelve months after its start.
WITH ended AS (
    SELECT DISTINCT "month", last_day("month") AS closes
    FROM financial_month
    WHERE scenario = 'AC'
),
horizon AS (
    SELECT
        initiative.initiative_key,
        sum(initiative_period.planned_benefit) FILTER (
            WHERE initiative_period.due > initiative.start + INTERVAL 12 MONTH
        ) > sum(initiative_period.planned_benefit) / 2 AS looks_far
    FROM initiative
    JOIN initiative_period ON initiative_period.initiative_key = initiative.initiative_key
    GROUP BY initiative.initiative_key
)
SELECT
    ended."month", initiative.title, initiative.owner, initiative.type,
    coalesce(horizon.looks_far, false) AS looks_far,
    initiative_period.cost
        * (date_diff('day',
                     greatest(initiative_period.period, ended."month"),
                     least(initiative_period.due, CAST(ended.closes + INTERVAL 1 DAY AS DATE))))
        / date_diff('day', initiative_period.period, initiative_period.due) AS cost
FROM ended
JOIN initiative_period
    ON initiative_period.period <= ended.closes AND initiative_period.due > ended."month"
JOIN initiative ON initiative.initiative_key = initiative_period.initiative_key
JOIN horizon ON horizon.initiative_key = initiative_period.initiative_key
