-- expect: global 'warn' is not defined
-- within: 50 ms
warn("@on")
