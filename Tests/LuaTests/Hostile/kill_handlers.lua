-- expect: time limit
-- within: 300 ms
local function f() xpcall(f, f) end
local function g() while true do pcall(f) end end
g()
