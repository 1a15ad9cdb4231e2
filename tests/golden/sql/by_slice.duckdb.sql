-- Rows are read once and grouped as finely as any slice needs; the slices are cut out of that.
SELECT finest.by_segment, finest.by_paid, finest.month, CAST(sum(finest.row_count) AS BIGINT) AS row_count, max(finest.latest) AS latest, CAST(sum(finest.count_1) AS BIGINT) AS count_1, sum(finest.sum_1) AS sum_1
FROM (
    SELECT coalesce(facts.by_segment, '(unknown)') AS by_segment, coalesce(CASE WHEN facts.by_paid THEN 'true' WHEN NOT facts.by_paid THEN 'false' END, '(unknown)') AS by_paid, facts.month AS month, count(*) AS row_count, CASE WHEN (facts.month >= 22800 AND facts.month < 119988) THEN max(facts.latest) END AS latest, count(facts.input_1) AS count_1, sum(facts.input_1) AS sum_1
    FROM (
        SELECT "answers"."segment" AS by_segment, "answers"."paid" AS by_paid, CASE WHEN ("answers"."at" >= '2026-10-16') THEN 119988 ELSE (year("answers"."at") * 12 + month("answers"."at") - 1) END AS month, "answers"."at" AS latest, "answers"."score" AS input_1
        FROM "answers" AS "answers"
        WHERE "answers"."at" >= '2025-09-01' OR "answers"."at" IS NULL
    ) AS facts
    GROUP BY facts.month, facts.by_segment, facts.by_paid
) AS finest
GROUP BY GROUPING SETS((finest.month), (finest.by_segment, finest.month), (finest.by_segment, finest.by_paid, finest.month));
