"""Read, score and summarise sheets of people. The only package that uses DuckDB and Spark."""
