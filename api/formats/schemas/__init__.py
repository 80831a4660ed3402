"""The fields of the JSON API, listed explicitly so that nothing leaks by accident."""
