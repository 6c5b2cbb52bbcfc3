-- expect: time limit
-- within: 300 ms
local kept
xpcall(function() while true do end end, function(e) kept = e end)
return type(kept)
