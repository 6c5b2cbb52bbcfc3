-- expect: time limit
-- within: 300 ms
return (("x"):gsub("x", setmetatable({}, { __index = function() while true do end end })))
