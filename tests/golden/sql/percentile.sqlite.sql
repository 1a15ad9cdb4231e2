-- Bands of values are spread over spans; then the asked ranks are read off the values of their bands.
WITH banded AS (
    SELECT finest.month AS month, finest.value AS value, finest.times AS times, floor(((sum(finest.times) OVER (ORDER BY finest.value) - 1) * 256) / (sum(finest.times) OVER () + 0.0)) AS band
    FROM (
        SELECT facts.month AS month, facts.value AS value, count(*) AS times
        FROM (
            SELECT (CAST(strftime('%Y', "answers"."at") AS INTEGER) * 12 + CAST(strftime('%m', "answers"."at") AS INTEGER) - 1) AS month, "answers"."amount" AS value
            FROM "answers" AS "answers"
            WHERE "answers"."at" >= '2024-10-01' AND "answers"."at" < '2026-10-16' AND "answers"."amount" IS NOT NULL
        ) AS facts
        GROUP BY facts.value, facts.month
    ) AS finest
) SELECT counted.grain, counted.last, max(counted.n) AS max_1, min(CASE WHEN (counted.place = 0 AND counted.upto * 2 > 1 * (counted.n - 1)) THEN counted.value END) AS min_1, min(CASE WHEN (counted.place = 1 AND (counted.upto - 1) * 2 >= 1 * (counted.n - 1)) THEN counted.value END) AS min_2, min(CASE WHEN (counted.place = 2 AND counted.upto * 10 > 9 * (counted.n - 1)) THEN counted.value END) AS min_3, min(CASE WHEN (counted.place = 3 AND (counted.upto - 1) * 10 >= 9 * (counted.n - 1)) THEN counted.value END) AS min_4
FROM (
    SELECT near.grain AS grain, near.last AS last, near.place AS place, near.n AS n, near.value AS value, near.ahead + sum(near.times) OVER (PARTITION BY near.grain, near.last, near.place ORDER BY near.value) AS upto
    FROM (
        SELECT wanted.grain AS grain, wanted.last AS last, wanted.place AS place, wanted.n AS n, wanted.ahead AS ahead, banded.value AS value, sum(banded.times) AS times
        FROM (
            SELECT ends.grain AS grain, ends.last AS last, ends.n AS n, place_numbers.place AS place, CASE WHEN (place_numbers.place = 0) THEN ends.band_0 WHEN (place_numbers.place = 1) THEN ends.band_1 WHEN (place_numbers.place = 2) THEN ends.band_2 WHEN (place_numbers.place = 3) THEN ends.band_3 END AS band, CASE WHEN (place_numbers.place = 0) THEN ends.ahead_0 WHEN (place_numbers.place = 1) THEN ends.ahead_1 WHEN (place_numbers.place = 2) THEN ends.ahead_2 WHEN (place_numbers.place = 3) THEN ends.ahead_3 END AS ahead
            FROM (
                SELECT ranked.grain AS grain, ranked.last AS last, max(ranked.n) AS n, min(CASE WHEN (ranked.upto * 2 > 1 * (ranked.n - 1)) THEN ranked.band END) AS band_0, min(CASE WHEN ((ranked.upto - 1) * 2 >= 1 * (ranked.n - 1)) THEN ranked.band END) AS band_1, min(CASE WHEN (ranked.upto * 10 > 9 * (ranked.n - 1)) THEN ranked.band END) AS band_2, min(CASE WHEN ((ranked.upto - 1) * 10 >= 9 * (ranked.n - 1)) THEN ranked.band END) AS band_3, min(CASE WHEN (ranked.upto * 2 > 1 * (ranked.n - 1)) THEN ranked.upto - ranked.times END) AS ahead_0, min(CASE WHEN ((ranked.upto - 1) * 2 >= 1 * (ranked.n - 1)) THEN ranked.upto - ranked.times END) AS ahead_1, min(CASE WHEN (ranked.upto * 10 > 9 * (ranked.n - 1)) THEN ranked.upto - ranked.times END) AS ahead_2, min(CASE WHEN ((ranked.upto - 1) * 10 >= 9 * (ranked.n - 1)) THEN ranked.upto - ranked.times END) AS ahead_3
                FROM (
                    SELECT spread.grain AS grain, spread.last AS last, spread.band AS band, spread.times AS times, sum(spread.times) OVER (PARTITION BY spread.grain, spread.last ORDER BY spread.band) AS upto, sum(spread.times) OVER (PARTITION BY spread.grain, spread.last) AS n
                    FROM (
                        SELECT spans.grain AS grain, spans.last AS last, spans.band AS band, sum(spans.times) AS times
                        FROM (
                            SELECT grain_step_numbers.grain AS grain, CASE WHEN (grain_step_numbers.grain = 1) THEN (months.month - ((months.month + 9) % 12) % 3) + 2 WHEN (grain_step_numbers.grain = 2) THEN (months.month - (months.month + 9) % 12) + 11 ELSE months.month + grain_step_numbers.step END AS last, months.band AS band, months.times AS times
                            FROM (
                                SELECT banded.month AS month, banded.band AS band, CAST(sum(banded.times) AS BIGINT) AS times
                                FROM banded
                                GROUP BY banded.month, banded.band
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
                            ) AS grain_step_numbers ON (grain_step_numbers.grain != 3 OR (months.month + 9) % 12 + grain_step_numbers.step < 12) AND CASE WHEN (grain_step_numbers.grain = 1) THEN (months.month - ((months.month + 9) % 12) % 3) + 2 WHEN (grain_step_numbers.grain = 2) THEN (months.month - (months.month + 9) % 12) + 11 ELSE months.month + grain_step_numbers.step END >= 24308
                        ) AS spans
                        GROUP BY spans.grain, spans.last, spans.band
                    ) AS spread
                ) AS ranked
                GROUP BY ranked.grain, ranked.last
            ) AS ends JOIN (
                SELECT 0 AS place
                UNION ALL SELECT 1 AS place
                UNION ALL SELECT 2 AS place
                UNION ALL SELECT 3 AS place
            ) AS place_numbers ON 1 = 1
        ) AS wanted JOIN (
            SELECT 0 AS step
            UNION ALL SELECT 1 AS step
            UNION ALL SELECT 2 AS step
            UNION ALL SELECT 3 AS step
            UNION ALL SELECT 4 AS step
            UNION ALL SELECT 5 AS step
            UNION ALL SELECT 6 AS step
            UNION ALL SELECT 7 AS step
            UNION ALL SELECT 8 AS step
            UNION ALL SELECT 9 AS step
            UNION ALL SELECT 10 AS step
            UNION ALL SELECT 11 AS step
        ) AS step_numbers ON step_numbers.step < CASE WHEN (wanted.grain = 0) THEN 1 WHEN (wanted.grain = 1) THEN 3 WHEN (wanted.grain = 3) THEN (wanted.last + 9) % 12 + 1 ELSE 12 END JOIN banded ON banded.band = wanted.band AND banded.month = wanted.last - step_numbers.step
        GROUP BY wanted.grain, wanted.last, wanted.place, wanted.n, wanted.ahead, banded.value
    ) AS near
) AS counted
GROUP BY counted.grain, counted.last;
