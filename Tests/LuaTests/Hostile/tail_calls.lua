-- expect: time limit
-- within: 300 ms
local function f() return f() end
return f()
