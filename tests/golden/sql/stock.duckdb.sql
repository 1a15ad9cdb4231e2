-- Starts and ends are added up by month in one reading; the total is run over that small answer.
SELECT by_month.by_segment, by_month.month, max(by_month.started) AS started, max(by_month.ended) AS ended, CAST(sum(by_month.row_count_in) AS BIGINT) AS row_count_in, CAST(sum(by_month.row_count_out) AS BIGINT) AS row_count_out, sum(by_month.sum_1_in) AS sum_1_in, sum(by_month.sum_1_out) AS sum_1_out, CAST(sum(by_month.count_2_in) AS BIGINT) AS count_2_in, CAST(sum(by_month.count_2_out) AS BIGINT) AS count_2_out, sum(by_month.sum_2_in) AS sum_2_in, sum(by_month.sum_2_out) AS sum_2_out
FROM (
    SELECT moves.by_segment AS by_segment, moves.month AS month, max(moves.started) AS started, max(moves.ended) AS ended, CAST(sum(moves.row_count_in) AS BIGINT) AS row_count_in, CAST(sum(moves.row_count_out) AS BIGINT) AS row_count_out, sum(moves.sum_1_in) AS sum_1_in, sum(moves.sum_1_out) AS sum_1_out, CAST(sum(moves.count_2_in) AS BIGINT) AS count_2_in, CAST(sum(moves.count_2_out) AS BIGINT) AS count_2_out, sum(moves.sum_2_in) AS sum_2_in, sum(moves.sum_2_out) AS sum_2_out
    FROM (
        SELECT finest.by_segment AS by_segment, CASE WHEN (edges.edge = 0) THEN finest.month WHEN (edges.edge = 1) THEN finest.until END AS month, CASE WHEN (edges.edge = 0) THEN finest.started END AS started, CASE WHEN (edges.edge = 1) THEN finest.ended END AS ended, CASE WHEN (edges.edge = 0) THEN finest.row_count END AS row_count_in, CASE WHEN (edges.edge = 1) THEN finest.row_count END AS row_count_out, CASE WHEN (edges.edge = 0) THEN finest.sum_1 END AS sum_1_in, CASE WHEN (edges.edge = 1) THEN finest.sum_1 END AS sum_1_out, CASE WHEN (edges.edge = 0) THEN finest.count_2 END AS count_2_in, CASE WHEN (edges.edge = 1) THEN finest.count_2 END AS count_2_out, CASE WHEN (edges.edge = 0) THEN finest.sum_2 END AS sum_2_in, CASE WHEN (edges.edge = 1) THEN finest.sum_2 END AS sum_2_out
        FROM (
            SELECT coalesce(facts.by_segment, '(unknown)') AS by_segment, facts.month AS month, facts.until AS until, CASE WHEN (facts.month >= 22800 AND facts.month < 119988) THEN max(facts.started) END AS started, max(facts.ended) AS ended, count(*) AS row_count, sum(facts.input_1) AS sum_1, count(facts.input_2) AS count_2, sum(facts.input_2) AS sum_2
            FROM (
                SELECT "answers"."segment" AS by_segment, CASE WHEN ("answers"."at" >= '2026-10-16') THEN 119988 WHEN ("answers"."closed_on" IS NOT NULL AND "answers"."closed_on" < "answers"."at") THEN -1 ELSE (year("answers"."at") * 12 + month("answers"."at") - 1) END AS month, CASE WHEN ("answers"."closed_on" >= '1900-01-01' AND "answers"."closed_on" < '2026-10-16') THEN (year("answers"."closed_on") * 12 + month("answers"."closed_on") - 1) END AS until, "answers"."at" AS started, "answers"."closed_on" AS ended, CASE WHEN "answers"."paid" THEN 1 ELSE 0 END AS input_1, CASE WHEN "answers"."paid" THEN "answers"."amount" END AS input_2
                FROM "answers" AS "answers"
            ) AS facts
            GROUP BY facts.until, facts.month, facts.by_segment
        ) AS finest JOIN (
            SELECT 0 AS edge
            UNION ALL SELECT 1 AS edge
        ) AS edges ON true
        WHERE edges.edge = 0 OR finest.until IS NOT NULL AND finest.month >= 22800 AND finest.month < 119988
    ) AS moves
    GROUP BY moves.by_segment, moves.month
) AS by_month
GROUP BY GROUPING SETS((by_month.month), (by_month.by_segment, by_month.month));
