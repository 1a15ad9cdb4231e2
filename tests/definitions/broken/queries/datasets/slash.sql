select 'a\'; drop table orders; -- ' as b
