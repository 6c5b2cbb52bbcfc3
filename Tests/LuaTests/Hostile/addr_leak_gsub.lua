-- expect: invalid replacement value \(a table\)
-- within: 50 ms
return (("x"):gsub("x", function() return {} end))
