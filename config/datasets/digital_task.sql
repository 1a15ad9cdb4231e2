-- One row per task that a customer began online. It is a success when its last step was done and the customer did
-- not then ask a person for help, in the seven days from its beginning. Tasks carry no reason of their own: what a
-- failed one turns into are contacts with the reason "how to".
WITH task AS (
    SELECT
        journey_id, customer_key, min(started_at) AS started_at,
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
      AND contact."at" >= task.started_at
      AND contact."at" <= task.started_at + INTERVAL 7 DAY
)
SELECT
    task.journey_id, task.customer_key, task.started_at,
    task.started_at + INTERVAL 7 DAY <= (SELECT max("at") FROM contact) AS told,
    coalesce(task.last_done = (SELECT max(step_no) FROM journey WHERE journey_key = 'self_service'), false)
        AS completed,
    helped.journey_id IS NOT NULL AS helped
FROM task
LEFT JOIN helped ON helped.journey_id = task.journey_id
