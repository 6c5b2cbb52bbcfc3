-- expect: stack overflow|memory|time limit|ok
-- within: 600 ms
local function f() return xpcall(f, f) end
return f()
