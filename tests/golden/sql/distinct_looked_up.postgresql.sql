-- Where the member follows from what is counted, slices are cut out of the counts.
SELECT counted.by_region, counted.month, sum(counted.n_1) AS n_1, sum(counted.there_1) AS there_1, sum(counted.new_in_quarter_1) AS new_in_quarter_1, sum(counted.new_in_year_1) AS new_in_year_1, sum(counted.entering_1) AS entering_1, sum(counted.leaving_1) AS leaving_1
FROM (
    SELECT seen.by_region AS by_region, seen.month AS month, sum(seen.count_1) AS n_1, count(CASE WHEN (seen.count_1 > 0) THEN 1 END) AS there_1, count(CASE WHEN (seen.count_1 > 0 AND (seen.before_1 IS NULL OR seen.before_1 < seen.month - (seen.month + 12) % 3)) THEN 1 END) AS new_in_quarter_1, count(CASE WHEN (seen.count_1 > 0 AND (seen.before_1 IS NULL OR seen.before_1 < seen.month - (seen.month + 12) % 12)) THEN 1 END) AS new_in_year_1, count(CASE WHEN (seen.count_1 > 0 AND (seen.before_1 IS NULL OR seen.before_1 < seen.month - 12)) THEN 1 END) AS entering_1, count(CASE WHEN (seen.count_1 > 0 AND (seen.after_1 IS NULL OR seen.after_1 > seen.month + 12)) THEN 1 END) AS leaving_1
    FROM (
        SELECT there.by_region AS by_region, there.month AS month, there.count_1 AS count_1, lag(there.month) OVER (PARTITION BY there.by_region, there.item, there.count_1 > 0 ORDER BY there.month) AS before_1, lead(there.month) OVER (PARTITION BY there.by_region, there.item, there.count_1 > 0 ORDER BY there.month) AS after_1
        FROM (
            SELECT coalesce(facts.by_region, '(unknown)') AS by_region, facts.month AS month, facts.item AS item, count(facts.item_1) AS count_1
            FROM (
                SELECT "customers"."region" AS by_region, CAST(date_part('year', "answers"."at") * 12 + date_part('month', "answers"."at") - 1 AS INTEGER) AS month, "answers"."customer" AS item, "answers"."customer" AS item_1
                FROM "answers" AS "answers"
                LEFT OUTER JOIN "customers" AS "customers" ON "answers"."customer" = "customers"."id"
                WHERE "answers"."at" >= '2024-10-01' AND "answers"."at" < '2026-10-16'
            ) AS facts
            GROUP BY facts.item, facts.month, facts.by_region
        ) AS there
    ) AS seen
    GROUP BY seen.by_region, seen.month
) AS counted
GROUP BY GROUPING SETS((counted.month), (counted.by_region, counted.month));
