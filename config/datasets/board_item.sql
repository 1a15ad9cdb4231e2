-- What the board had on its agenda, how many KPIs lay before it under each item, and whether what it decided was due
-- by the end of the last month that the accounts cover.
SELECT
    meeting_date, item, minutes, is_customer, item = 'Financial results' AS is_financial,
    json_array_length(kpi_ids) AS kpis, decision, action_owner, due,
    CAST(timezone('Europe/Amsterdam', done_at) AS DATE) AS done_on,
    due <= (SELECT last_day(max("month")) FROM financial_month WHERE scenario = 'AC') AS is_due
FROM board_item
