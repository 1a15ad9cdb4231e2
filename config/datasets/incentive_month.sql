-- The weights in force at the end of each month that the accounts cover: those of the newest year of the scheme.
SELECT
    ended."month", incentive_weight.scheme, incentive_weight.kpi_id, incentive_weight."level",
    incentive_weight.target_pay, incentive_weight.is_customer, incentive_weight.statement_key
FROM (SELECT DISTINCT "month" FROM financial_month WHERE scenario = 'AC') AS ended
JOIN incentive_weight
    ON incentive_weight.valid_from = (
        SELECT max(newest.valid_from)
        FROM incentive_weight AS newest
        WHERE newest.scheme = incentive_weight.scheme
          AND newest.valid_from <= last_day(ended."month")
    )
