-- Rows are grouped by day once; of each month the newest day is taken, for all members alike.
SELECT state.month, CAST(sum(state.row_count) AS BIGINT) AS row_count, max(state.latest) AS latest, CAST(sum(state.kept) AS BIGINT) AS kept, CAST(sum(state.count_1) AS BIGINT) AS count_1, sum(state.sum_1) AS sum_1
FROM (
    SELECT finest.month AS month, finest.row_count AS row_count, finest.latest AS latest, CASE WHEN (max(finest.day) OVER (PARTITION BY finest.month) = finest.day) THEN finest.kept END AS kept, CASE WHEN (max(finest.day) OVER (PARTITION BY finest.month) = finest.day) THEN finest.count_1 END AS count_1, CASE WHEN (max(finest.day) OVER (PARTITION BY finest.month) = finest.day) THEN finest.sum_1 END AS sum_1
    FROM (
        SELECT facts.month AS month, facts.day AS day, count(*) AS row_count, CASE WHEN (facts.month >= 22800 AND facts.month < 119988) THEN max(facts.day) END AS latest, count(*) AS kept, count(facts.input_1) AS count_1, sum(facts.input_1) AS sum_1
        FROM (
            SELECT CASE WHEN ("answers"."at" >= '2026-10-16') THEN 119988 ELSE (CAST(strftime('%Y', "answers"."at") AS INTEGER) * 12 + CAST(strftime('%m', "answers"."at") AS INTEGER) - 1) END AS month, date("answers"."at") AS day, "answers"."amount" AS input_1
            FROM "answers" AS "answers"
            WHERE "answers"."at" >= '2025-09-01' OR "answers"."at" IS NULL
        ) AS facts
        GROUP BY facts.day, facts.month
    ) AS finest
) AS state
GROUP BY state.month;
SELECT state.by_segment, state.month, CAST(sum(state.row_count) AS BIGINT) AS row_count, max(state.latest) AS latest, CAST(sum(state.kept) AS BIGINT) AS kept, CAST(sum(state.count_1) AS BIGINT) AS count_1, sum(state.sum_1) AS sum_1
FROM (
    SELECT finest.by_segment AS by_segment, finest.month AS month, finest.row_count AS row_count, finest.latest AS latest, CASE WHEN (max(finest.day) OVER (PARTITION BY finest.month) = finest.day) THEN finest.kept END AS kept, CASE WHEN (max(finest.day) OVER (PARTITION BY finest.month) = finest.day) THEN finest.count_1 END AS count_1, CASE WHEN (max(finest.day) OVER (PARTITION BY finest.month) = finest.day) THEN finest.sum_1 END AS sum_1
    FROM (
        SELECT coalesce(facts.by_segment, '(unknown)') AS by_segment, facts.month AS month, facts.day AS day, count(*) AS row_count, CASE WHEN (facts.month >= 22800 AND facts.month < 119988) THEN max(facts.day) END AS latest, count(*) AS kept, count(facts.input_1) AS count_1, sum(facts.input_1) AS sum_1
        FROM (
            SELECT "answers"."segment" AS by_segment, CASE WHEN ("answers"."at" >= '2026-10-16') THEN 119988 ELSE (CAST(strftime('%Y', "answers"."at") AS INTEGER) * 12 + CAST(strftime('%m', "answers"."at") AS INTEGER) - 1) END AS month, date("answers"."at") AS day, "answers"."amount" AS input_1
            FROM "answers" AS "answers"
            WHERE "answers"."at" >= '2025-09-01' OR "answers"."at" IS NULL
        ) AS facts
        GROUP BY facts.day, facts.month, facts.by_segment
    ) AS finest
) AS state
GROUP BY state.by_segment, state.month;
