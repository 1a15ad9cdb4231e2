-- One row per task that a customer began online, on the company's clocks. It is a success when its last step was done
-- and the customer did not then ask a person for help, in the seven days from its beginning. Tasks carry no reason of
-- their own: what a failed one turns into are contacts with the reason "how to".
WITH task AS (
    SELECT
        journey_id, customer_key, timezone('Europe/Amsterdam', min(started_at)) AS started_at,
        max(step_no) FILTER (WHERE outcome = 'done') AS last_done
    FROM journey_event
    WHERE journey_key = 'self_service'
    GROUP BY journey_id, customer_key
),
helped AS (
    SELECT DISTINCT task.journey_id
    FROM task
    JOIN contact ON contact.customer_key = task.customer_key
    WHERE contact.direction = 'in'
      AND contact.reason = 'how to'
      AND contact.channel_key <> 'web'
      AND timezone('Europe/Amsterdam', contact."at")
          BETWEEN task.started_at AND task.started_at + INTERVAL 7 DAY
)
SELECT
    task.journey_id, task.customer_key, task.started_at,
    task.started_at + INTERVAL 7 DAY < (
        SELECT last_day(max("month")) + INTERVAL 1 DAY
        FROM financial_month
        WHERE scenario = 'AC'
    ) AS told,
    coalesce(task.last_done = (SELECT max(step_no) FROM journey WHERE journey_key = 'self_service'), false)
        AS completed,
    helped.journey_id IS NOT NULL AS helped
FROM task
LEFT JOIN helped ON helped.journey_id = task.journey_id
