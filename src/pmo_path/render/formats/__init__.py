"""Results that are sections of text, tables and charts: laid out once, written in any format."""
