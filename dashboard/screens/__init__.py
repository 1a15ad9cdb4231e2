"""Streamlit asks and draws; it computes nothing."""
