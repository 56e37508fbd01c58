"""The public door: all that an anonymous visitor can reach; rows only via .public()."""
