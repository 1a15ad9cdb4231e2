select * into copy from orders
