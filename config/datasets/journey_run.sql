-- One row per journey that a customer began, on the company's clocks. It is completed when its last step on the journey
-- map is done. Whether it was within 30 days can be told where these were over in the months that the accounts cover.
WITH map AS (
    SELECT journey_key, max(step_no) AS last_step
    FROM journey
    GROUP BY journey_key
),
step AS (
    SELECT *, lag(department_key) OVER (PARTITION BY journey_id ORDER BY seq) AS department_before
    FROM journey_event
),
run AS (
    SELECT
        journey_id, customer_key, journey_key,
        timezone('Europe/Amsterdam', min(started_at)) AS started_at,
        max(step_no) FILTER (WHERE outcome = 'done') AS last_done,
        timezone('Europe/Amsterdam', max(ended_at)) AS ended_at,
        count(*) FILTER (WHERE department_key <> department_before) AS handoffs
    FROM step
    GROUP BY journey_id, customer_key, journey_key
)
SELECT
    run.journey_id, run.customer_key, run.journey_key, run.started_at, run.handoffs,
    CASE WHEN run.last_done = map.last_step THEN run.ended_at END AS completed_at,
    run.started_at + INTERVAL 30 DAY < (
        SELECT last_day(max("month")) + INTERVAL 1 DAY
        FROM financial_month
        WHERE scenario = 'AC'
    ) AS told,
    coalesce(run.last_done = map.last_step AND run.ended_at <= run.started_at + INTERVAL 30 DAY, false) AS in_time
FROM run
JOIN map ON map.journey_key = run.journey_key
