-- Asking everything leaves no lower bound; rows after today are one group, that they may be counted.
SELECT facts.month, count(*) AS row_count, CASE WHEN (facts.month >= 22800 AND facts.month < 119988) THEN max(facts.latest) END AS latest
FROM (
    SELECT CASE WHEN ("answers"."at" >= '2026-10-16') THEN 119988 ELSE CAST(date_part('year', "answers"."at") * 12 + date_part('month', "answers"."at") - 1 AS INTEGER) END AS month, "answers"."at" AS latest
    FROM "answers" AS "answers"
) AS facts
GROUP BY facts.month;
