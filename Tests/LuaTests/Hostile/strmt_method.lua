-- expect: string is read-only
-- within: 50 ms
string.rep = function() return "pwned" end
