"""Read tables: text in any encoding and with any delimiter, and workbooks; without the engine."""
