-- Values are counted a month, spread over the spans that hold it, and the two ranks read off exactly.
SELECT ranked.grain, ranked.last, max(ranked.n) AS max_1, min(CASE WHEN (ranked.upto * 2 > 1 * (ranked.n - 1)) THEN ranked.value END) AS min_1, min(CASE WHEN ((ranked.upto - 1) * 2 >= 1 * (ranked.n - 1)) THEN ranked.value END) AS min_2, min(CASE WHEN (ranked.upto * 10 > 9 * (ranked.n - 1)) THEN ranked.value END) AS min_3, min(CASE WHEN ((ranked.upto - 1) * 10 >= 9 * (ranked.n - 1)) THEN ranked.value END) AS min_4
FROM (
    SELECT spread.grain AS grain, spread.last AS last, spread.value AS value, sum(spread.times) OVER (PARTITION BY spread.grain, spread.last ORDER BY spread.value) AS upto, sum(spread.times) OVER (PARTITION BY spread.grain, spread.last) AS n
    FROM (
        SELECT spans.grain AS grain, spans.last AS last, spans.value AS value, sum(spans.times) AS times
        FROM (
            SELECT steps.grain AS grain, CASE WHEN (steps.grain = 1) THEN (months.month - ((months.month + 9) % 12) % 3) + 2 WHEN (steps.grain = 2) THEN (months.month - (months.month + 9) % 12) + 11 ELSE months.month + steps.step END AS last, months.value AS value, months.times AS times
            FROM (
                SELECT facts.month AS month, facts.value AS value, count(*) AS times
                FROM (
                    SELECT (year("answers"."at") * 12 + month("answers"."at") - 1) AS month, "answers"."amount" AS value
                    FROM "answers" AS "answers"
                    WHERE "answers"."at" >= '2024-10-01' AND "answers"."at" < '2026-10-16' AND "answers"."amount" IS NOT NULL
                ) AS facts
                GROUP BY facts.month, facts.value
            ) AS months JOIN (
                SELECT 0 AS grain, 0 AS step
                UNION ALL SELECT 1 AS grain, 0 AS step
                UNION ALL SELECT 2 AS grain, 0 AS step
                UNION ALL SELECT 3 AS grain, 0 AS step
                UNION ALL SELECT 3 AS grain, 1 AS step
                UNION ALL SELECT 3 AS grain, 2 AS step
                UNION ALL SELECT 3 AS grain, 3 AS step
                UNION ALL SELECT 3 AS grain, 4 AS step
                UNION ALL SELECT 3 AS grain, 5 AS step
                UNION ALL SELECT 3 AS grain, 6 AS step
                UNION ALL SELECT 3 AS grain, 7 AS step
                UNION ALL SELECT 3 AS grain, 8 AS step
                UNION ALL SELECT 3 AS grain, 9 AS step
                UNION ALL SELECT 3 AS grain, 10 AS step
                UNION ALL SELECT 3 AS grain, 11 AS step
                UNION ALL SELECT 4 AS grain, 0 AS step
                UNION ALL SELECT 4 AS grain, 1 AS step
                UNION ALL SELECT 4 AS grain, 2 AS step
                UNION ALL SELECT 4 AS grain, 3 AS step
                UNION ALL SELECT 4 AS grain, 4 AS step
                UNION ALL SELECT 4 AS grain, 5 AS step
                UNION ALL SELECT 4 AS grain, 6 AS step
                UNION ALL SELECT 4 AS grain, 7 AS step
                UNION ALL SELECT 4 AS grain, 8 AS step
                UNION ALL SELECT 4 AS grain, 9 AS step
                UNION ALL SELECT 4 AS grain, 10 AS step
                UNION ALL SELECT 4 AS grain, 11 AS step
            ) AS steps ON (steps.grain != 3 OR (months.month + 9) % 12 + steps.step < 12) AND CASE WHEN (steps.grain = 1) THEN (months.month - ((months.month + 9) % 12) % 3) + 2 WHEN (steps.grain = 2) THEN (months.month - (months.month + 9) % 12) + 11 ELSE months.month + steps.step END >= 24308
        ) AS spans
        GROUP BY spans.grain, spans.last, spans.value
    ) AS spread
) AS ranked
GROUP BY ranked.grain, ranked.last;
