-- A moment falls into the month of the company's clocks; bounds compare the bare column.
SELECT facts.month, count(*) AS row_count, CASE WHEN (facts.month >= 22800 AND facts.month < 119988) THEN max(facts.latest) END AS latest
FROM (
    SELECT CASE WHEN (`answers`.`at` >= '2026-10-15 22:00:00') THEN 119988 ELSE (year((`answers`.`at` + INTERVAL CASE WHEN `answers`.`at` >= '2027-10-31 01:00:00' THEN 3600 WHEN `answers`.`at` >= '2027-03-28 01:00:00' THEN 7200 WHEN `answers`.`at` >= '2026-10-25 01:00:00' THEN 3600 WHEN `answers`.`at` >= '2026-03-29 01:00:00' THEN 7200 WHEN `answers`.`at` >= '2025-10-26 01:00:00' THEN 3600 WHEN `answers`.`at` >= '2025-03-30 01:00:00' THEN 7200 WHEN `answers`.`at` >= '2024-10-27 01:00:00' THEN 3600 WHEN `answers`.`at` >= '2024-03-31 01:00:00' THEN 7200 ELSE 3600 END SECOND)) * 12 + month((`answers`.`at` + INTERVAL CASE WHEN `answers`.`at` >= '2027-10-31 01:00:00' THEN 3600 WHEN `answers`.`at` >= '2027-03-28 01:00:00' THEN 7200 WHEN `answers`.`at` >= '2026-10-25 01:00:00' THEN 3600 WHEN `answers`.`at` >= '2026-03-29 01:00:00' THEN 7200 WHEN `answers`.`at` >= '2025-10-26 01:00:00' THEN 3600 WHEN `answers`.`at` >= '2025-03-30 01:00:00' THEN 7200 WHEN `answers`.`at` >= '2024-10-27 01:00:00' THEN 3600 WHEN `answers`.`at` >= '2024-03-31 01:00:00' THEN 7200 ELSE 3600 END SECOND)) - 1) END AS month, `answers`.`at` AS latest
    FROM `answers` AS `answers`
    WHERE `answers`.`at` >= '2025-08-31 22:00:00' OR `answers`.`at` IS NULL
) AS facts
GROUP BY facts.month;
