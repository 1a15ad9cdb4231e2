-- What is counted or ranked is asked of the rows of each month's newest day alone.
SELECT there.month, sum(there.count_0) AS sum_1, count(CASE WHEN (there.count_0 > 0) THEN 1 END) AS count_1
FROM (
    SELECT facts.month AS month, facts.item AS item, count(facts.item_0) AS count_0
    FROM (
        SELECT (year(`answers`.`at`) * 12 + month(`answers`.`at`) - 1) AS month, CONVERT(`answers`.`customer` USING utf8mb4) COLLATE utf8mb4_0900_bin AS item, CONVERT(`answers`.`customer` USING utf8mb4) COLLATE utf8mb4_0900_bin AS item_0
        FROM `answers` AS `answers`
        WHERE `answers`.`paid` = 1 AND `answers`.`at` >= '2025-09-01' AND `answers`.`at` < '2026-10-16' AND `answers`.`at` IN (
            SELECT max(`answers`.`at`) AS max_1
            FROM `answers` AS `answers`
            WHERE `answers`.`paid` = 1 AND `answers`.`at` >= '2025-09-01' AND `answers`.`at` < '2026-10-16'
            GROUP BY (year(`answers`.`at`) * 12 + month(`answers`.`at`) - 1)
        )
    ) AS facts
    GROUP BY facts.item, facts.month
) AS there
GROUP BY there.month;
SELECT counted.month, max(counted.n) AS max_1, min(CASE WHEN (counted.upto * 2 > 1 * (counted.n - 1)) THEN counted.value END) AS min_1, min(CASE WHEN ((counted.upto - 1) * 2 >= 1 * (counted.n - 1)) THEN counted.value END) AS min_2
FROM (
    SELECT groups_of_values.month AS month, groups_of_values.value AS value, sum(groups_of_values.times) OVER (PARTITION BY groups_of_values.month ORDER BY groups_of_values.value) AS upto, sum(groups_of_values.times) OVER (PARTITION BY groups_of_values.month) AS n
    FROM (
        SELECT facts.month AS month, facts.value AS value, count(*) AS times
        FROM (
            SELECT (year(`answers`.`at`) * 12 + month(`answers`.`at`) - 1) AS month, `answers`.`amount` AS value
            FROM `answers` AS `answers`
            WHERE `answers`.`paid` = 1 AND `answers`.`at` >= '2025-09-01' AND `answers`.`at` < '2026-10-16' AND `answers`.`at` IN (
                SELECT max(`answers`.`at`) AS max_2
                FROM `answers` AS `answers`
                WHERE `answers`.`paid` = 1 AND `answers`.`at` >= '2025-09-01' AND `answers`.`at` < '2026-10-16'
                GROUP BY (year(`answers`.`at`) * 12 + month(`answers`.`at`) - 1)
            ) AND `answers`.`amount` IS NOT NULL
        ) AS facts
        GROUP BY facts.value, facts.month
    ) AS groups_of_values
) AS counted
GROUP BY counted.month;
