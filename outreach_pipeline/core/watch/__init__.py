"""Decides whether the day kept its promises."""
