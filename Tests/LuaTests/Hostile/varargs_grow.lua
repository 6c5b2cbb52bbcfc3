-- expect: memory|time limit|stack overflow
-- within: 600 ms
local function f(...) return f(1, ...) end
return f()
