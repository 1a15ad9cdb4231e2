"""The pack as a document to be read on paper and on a tablet: tagged PDF, made by typst from data alone."""
