"""Spreadsheets of people, scored by the thousand: look, read and score, account.

The only package that knows the columnar engine.
"""
