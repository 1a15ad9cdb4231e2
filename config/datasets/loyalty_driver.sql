-- The sheets of the loyalty survey that came with the long form: the recommendation beside what may go with it.
SELECT
    response_key,
    min(answered_at) AS answered_at,
    max(customer_key) AS customer_key,
    CAST(max(score) FILTER (WHERE question_key = 'nps_recommend') AS DOUBLE) AS would_recommend,
    CAST(max(score) FILTER (WHERE question_key = 'network_works') AS DOUBLE) AS network_works,
    CAST(max(score) FILTER (WHERE question_key = 'easy_to_reach') AS DOUBLE) AS easy_to_reach,
    CAST(max(score) FILTER (WHERE question_key = 'bills_are_clear') AS DOUBLE) AS bills_are_clear,
    CAST(max(score) FILTER (WHERE question_key = 'staff_are_kind') AS DOUBLE) AS staff_are_kind,
    CAST(max(score) FILTER (WHERE question_key = 'shops_are_pleasant') AS DOUBLE) AS shops_are_pleasant
FROM survey_response
WHERE
    question_key IN (
        'nps_recommend', 'network_works', 'easy_to_reach', 'bills_are_clear', 'staff_are_kind', 'shops_are_pleasant'
    )
    AND respondent_type = 'customer'
GROUP BY response_key
HAVING count(*) > 1
