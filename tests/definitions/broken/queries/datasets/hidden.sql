with gone as (delete from orders returning *) select * from gone
