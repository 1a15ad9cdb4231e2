-- A look-up is a LEFT JOIN, so no row is dropped; a member that is missing is (unknown).
SELECT facts.month, count(*) AS row_count, CASE WHEN (facts.month >= 22800 AND facts.month < 119988) THEN max(facts.latest) END AS latest
FROM (
    SELECT CASE WHEN ("answers"."at" >= '2026-10-16') THEN 119988 ELSE (CAST(strftime('%Y', "answers"."at") AS INTEGER) * 12 + CAST(strftime('%m', "answers"."at") AS INTEGER) - 1) END AS month, "answers"."at" AS latest
    FROM "answers" AS "answers"
    WHERE "answers"."at" >= '2025-09-01' OR "answers"."at" IS NULL
) AS facts
GROUP BY facts.month;
SELECT finest.by_region, finest.month, CAST(sum(finest.row_count) AS BIGINT) AS row_count, max(finest.latest) AS latest
FROM (
    SELECT coalesce(facts.by_region, '(unknown)') AS by_region, facts.month AS month, count(*) AS row_count, CASE WHEN (facts.month >= 22800 AND facts.month < 119988) THEN max(facts.latest) END AS latest
    FROM (
        SELECT "customers"."region" AS by_region, CASE WHEN ("answers"."at" >= '2026-10-16') THEN 119988 ELSE (CAST(strftime('%Y', "answers"."at") AS INTEGER) * 12 + CAST(strftime('%m', "answers"."at") AS INTEGER) - 1) END AS month, "answers"."at" AS latest
        FROM "answers" AS "answers"
        LEFT OUTER JOIN "customers" AS "customers" ON "answers"."customer" = "customers"."id"
        WHERE "answers"."at" >= '2025-09-01' OR "answers"."at" IS NULL
    ) AS facts
    GROUP BY facts.month, facts.by_region
) AS finest
GROUP BY finest.by_region, finest.month;
