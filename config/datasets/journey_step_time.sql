-- The steps of journeys that were done, on the company's clocks, each under its place and its name on the journey map.
SELECT
    journey_event.customer_key, journey_event.journey_key,
    timezone('Europe/Amsterdam', journey_event.started_at) AS started_at,
    timezone('Europe/Amsterdam', journey_event.ended_at) AS ended_at,
    upper(left(journey_event.journey_key, 1)) || replace(substr(journey_event.journey_key, 2), '_', ' ')
    || ' ' || CAST(journey_event.step_no AS VARCHAR) || ': ' || journey.label AS step
FROM journey_event
JOIN journey ON journey.journey_key = journey_event.journey_key AND journey.step_no = journey_event.step_no
WHERE journey_event.outcome = 'done' AND journey_event.ended_at IS NOT NULL
