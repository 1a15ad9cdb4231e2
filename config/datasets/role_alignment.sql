-- One row per employee and day of the survey of roles: how far the hours that one believes to be for a thing are those
-- of the role description. 1 is the same, 0 has nothing in common.
SELECT
    role_priority.employee_key, role_priority.as_of,
    any_value(employee_month.department_key) AS department_key,
    any_value(employee_month."level") AS "level",
    1 - sum(abs(role_priority.perceived_share - role_priority.documented_share)) / 2 AS alignment
FROM role_priority
LEFT JOIN employee_month
    ON employee_month.employee_key = role_priority.employee_key
   AND employee_month."month" = CAST(date_trunc('month', role_priority.as_of) AS DATE)
GROUP BY role_priority.employee_key, role_priority.as_of
