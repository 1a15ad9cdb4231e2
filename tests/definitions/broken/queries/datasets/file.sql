copy orders to 'x.csv'
