-- expect: this table is read-only
-- within: 50 ms
rawset(string, "rep", function() return "pwned" end)
