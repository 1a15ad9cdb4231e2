-- Conditions stand inside the aggregates, so that measures share a reading and their equal parts.
SELECT facts.month, count(*) AS row_count, CASE WHEN (facts.month >= 22800 AND facts.month < 119988) THEN max(facts.latest) END AS latest, sum(facts.input_1) AS sum_1, count(facts.input_2) AS count_2, sum(facts.input_2) AS sum_2
FROM (
    SELECT CASE WHEN ("answers"."at" >= '2026-10-16') THEN 119988 ELSE CAST(date_part('year', "answers"."at") * 12 + date_part('month', "answers"."at") - 1 AS INTEGER) END AS month, "answers"."at" AS latest, CASE WHEN ("answers"."score" >= 9) THEN 1 ELSE 0 END AS input_1, CASE WHEN ("answers"."score" >= 9) THEN "answers"."amount" END AS input_2
    FROM "answers" AS "answers"
    WHERE NOT "answers"."paid" AND ("answers"."at" >= '2025-09-01' OR "answers"."at" IS NULL)
) AS facts
GROUP BY facts.month;
