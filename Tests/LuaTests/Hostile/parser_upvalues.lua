-- expect: ok
-- within: 100 ms
local a, b, c = 1, 2, 3
return (function() return (function() return (function() return a + b + c end)() end)() end)()
