-- expect: stack overflow
-- within: 300 ms
local function f(s) return (s:gsub(".", f)) end
return f("x")
