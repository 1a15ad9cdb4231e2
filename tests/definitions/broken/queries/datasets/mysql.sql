select 1 /*! into outfile 'x' */
