-- The one question that managers and customers answer in the same words, as both have answered it.
SELECT
    answered_at, score, weight, 'Meridian knows what its customers need' AS question,
    question_key = 'manager_knows_what_customers_need' AS by_a_manager
FROM survey_response
WHERE question_key IN ('manager_knows_what_customers_need', 'knows_what_customers_need')
