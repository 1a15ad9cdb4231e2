-- The questions that customers ask most, as they stood on the day of the newest review. An answer is current for half
-- a year after its review.
SELECT
    question_ref, "rank", published_url_present, correct, reviewed_on,
    (SELECT max(reviewed_on) FROM content_answer) AS as_of,
    reviewed_on >= (SELECT max(reviewed_on) FROM content_answer) - INTERVAL 180 DAY AS is_current
FROM content_answer
