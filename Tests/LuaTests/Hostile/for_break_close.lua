-- expect: non-closable
-- within: 50 ms
local mt = {}
local o = setmetatable({}, mt)
mt.__close = function() while true do end end
for k in next, { 1 }, nil, o do local function g() return k end break end
