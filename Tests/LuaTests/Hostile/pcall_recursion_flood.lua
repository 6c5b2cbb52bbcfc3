-- expect: stack overflow|time limit|ok
-- within: 400 ms
-- In a script a caught error leaves the C stack, so that protected calls could be nested without end; ending them one
-- by one took minutes.
local function f() return pcall(pcall, f, pcall, f) end
local function g() local ok = xpcall(g, g) return pcall(f) end
return tostring(g())
