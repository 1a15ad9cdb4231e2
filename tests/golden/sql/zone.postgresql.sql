-- A moment falls into the month of the company's clocks; bounds compare the bare column.
SELECT facts.month, count(*) AS row_count, CASE WHEN (facts.month >= 22800 AND facts.month < 119988) THEN max(facts.latest) END AS latest
FROM (
    SELECT CASE WHEN ("answers"."at" >= '2026-10-15 22:00:00+00:00') THEN 119988 ELSE CAST(date_part('year', timezone('Europe/Amsterdam', "answers"."at")) * 12 + date_part('month', timezone('Europe/Amsterdam', "answers"."at")) - 1 AS INTEGER) END AS month, "answers"."at" AS latest
    FROM "answers" AS "answers"
    WHERE "answers"."at" >= '2025-08-31 22:00:00+00:00' OR "answers"."at" IS NULL
) AS facts
GROUP BY facts.month;
