"""Wiring of the press office: settings, addresses, server. It knows events; events knows it not."""
