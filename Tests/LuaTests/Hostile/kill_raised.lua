-- expect: time limit
-- within: 300 ms
local _, e = pcall(function() while true do end end)
pcall(error, e)
return "survived"
