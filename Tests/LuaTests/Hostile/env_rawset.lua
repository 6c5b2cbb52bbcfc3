-- expect: this table is read-only
-- within: 50 ms
rawset(_ENV, "os", {})
