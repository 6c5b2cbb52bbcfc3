-- expect: time limit
-- within: 300 ms
return #setmetatable({}, { __len = function() while true do end end })
