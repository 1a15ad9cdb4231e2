-- An item is looked at once a month, beside those before and after: sums that add up to spans.
SELECT seen.by_segment, seen.month, sum(seen.count_1) AS n_1, count(CASE WHEN (seen.count_1 > 0) THEN 1 END) AS there_1, count(CASE WHEN (seen.count_1 > 0 AND (seen.before_1 IS NULL OR seen.before_1 < seen.month - (seen.month + 9) % 3)) THEN 1 END) AS new_in_quarter_1, count(CASE WHEN (seen.count_1 > 0 AND (seen.before_1 IS NULL OR seen.before_1 < seen.month - (seen.month + 9) % 12)) THEN 1 END) AS new_in_year_1, count(CASE WHEN (seen.count_1 > 0 AND (seen.before_1 IS NULL OR seen.before_1 < seen.month - 12)) THEN 1 END) AS entering_1, count(CASE WHEN (seen.count_1 > 0 AND (seen.after_1 IS NULL OR seen.after_1 > seen.month + 12)) THEN 1 END) AS leaving_1, sum(seen.count_2) AS n_2, count(CASE WHEN (seen.count_2 > 0) THEN 1 END) AS there_2, count(CASE WHEN (seen.count_2 > 0 AND (seen.before_2 IS NULL OR seen.before_2 < seen.month - (seen.month + 9) % 3)) THEN 1 END) AS new_in_quarter_2, count(CASE WHEN (seen.count_2 > 0 AND (seen.before_2 IS NULL OR seen.before_2 < seen.month - (seen.month + 9) % 12)) THEN 1 END) AS new_in_year_2, count(CASE WHEN (seen.count_2 > 0 AND (seen.before_2 IS NULL OR seen.before_2 < seen.month - 12)) THEN 1 END) AS entering_2, count(CASE WHEN (seen.count_2 > 0 AND (seen.after_2 IS NULL OR seen.after_2 > seen.month + 12)) THEN 1 END) AS leaving_2
FROM (
    SELECT there.by_segment AS by_segment, there.month AS month, there.count_1 AS count_1, there.count_2 AS count_2, lag(there.month) OVER (PARTITION BY there.by_segment, there.item, there.count_1 > 0 ORDER BY there.month) AS before_1, lead(there.month) OVER (PARTITION BY there.by_segment, there.item, there.count_1 > 0 ORDER BY there.month) AS after_1, lag(there.month) OVER (PARTITION BY there.by_segment, there.item, there.count_2 > 0 ORDER BY there.month) AS before_2, lead(there.month) OVER (PARTITION BY there.by_segment, there.item, there.count_2 > 0 ORDER BY there.month) AS after_2
    FROM (
        SELECT finest.by_segment AS by_segment, finest.month AS month, finest.item AS item, CAST(sum(finest.count_1) AS BIGINT) AS count_1, CAST(sum(finest.count_2) AS BIGINT) AS count_2
        FROM (
            SELECT coalesce(facts.by_segment, '(unknown)') AS by_segment, facts.month AS month, facts.item AS item, count(facts.item_1) AS count_1, count(facts.item_2) AS count_2
            FROM (
                SELECT "answers"."segment" AS by_segment, (year("answers"."at") * 12 + month("answers"."at") - 1) AS month, "answers"."customer" AS item, "answers"."customer" AS item_1, CASE WHEN ("answers"."score" >= 9) THEN "answers"."customer" END AS item_2
                FROM "answers" AS "answers"
                WHERE "answers"."at" >= '2024-10-01' AND "answers"."at" < '2026-10-16'
            ) AS facts
            GROUP BY facts.item, facts.month, facts.by_segment
        ) AS finest
        GROUP BY GROUPING SETS((finest.month, finest.item), (finest.by_segment, finest.month, finest.item))
    ) AS there
) AS seen
GROUP BY seen.by_segment, seen.month;
