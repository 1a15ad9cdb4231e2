-- One row per customer who has said how satisfied they are: from their first answer until the month in which they left.
WITH first_answer AS (
    SELECT
        customer_key,
        CAST(timezone('Europe/Amsterdam', min(answered_at)) AS DATE) AS answered_on,
        arg_min(score, answered_at) AS score
    FROM survey_response
    WHERE question_key = 'csat_overall' AND customer_key IS NOT NULL
    GROUP BY customer_key
)
SELECT
    first_answer.customer_key, first_answer.answered_on,
    CASE
        WHEN first_answer.score >= 4 THEN 'Satisfied (4 and 5)'
        WHEN first_answer.score = 3 THEN 'Neither (3)'
        ELSE 'Dissatisfied (1 and 2)'
    END AS band,
    min(left_us."month") AS left_on
FROM first_answer
LEFT JOIN customer_month AS left_us
    ON left_us.customer_key = first_answer.customer_key
    AND left_us.status = 'lost' AND left_us."month" > first_answer.answered_on
GROUP BY first_answer.customer_key, first_answer.answered_on, band
