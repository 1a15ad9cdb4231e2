-- One row per priority journey and month that the accounts cover. A journey is owned across departments where the
-- initiatives that are under way on it at the end of the month have one owner between them, and one of them has at
-- least three departments and a milestone with a date.
WITH month_end AS (
    SELECT DISTINCT "month" AS of_month, last_day("month") AS closes
    FROM financial_month
    WHERE scenario = 'AC'
),
priority_journey AS (
    SELECT DISTINCT journey_key
    FROM journey
    WHERE priority
),
under_way AS (
    SELECT
        month_end.of_month, initiative.journey_key,
        count(DISTINCT initiative.owner) AS owners,
        max(json_array_length(initiative.department_keys)) FILTER (
            WHERE EXISTS (
                SELECT 1
                FROM initiative_period
                WHERE initiative_period.initiative_key = initiative.initiative_key
                  AND initiative_period.period <= month_end.closes
                  AND initiative_period.due IS NOT NULL
            )
        ) AS departments
    FROM month_end
    JOIN initiative
        ON initiative.start <= month_end.closes
       AND (initiative."end" IS NULL OR initiative."end" > month_end.closes)
    GROUP BY month_end.of_month, initiative.journey_key
)
SELECT
    month_end.of_month AS "month", priority_journey.journey_key,
    coalesce(under_way.owners = 1 AND under_way.departments >= 3, false) AS owned_across
FROM month_end
CROSS JOIN priority_journey
LEFT JOIN under_way
    ON under_way.of_month = month_end.of_month
   AND under_way.journey_key = priority_journey.journey_key
