-- expect: time limit
-- within: 600 ms
local m = {}
for i = 1, 300000 do m[i .. ""] = 1 end
while true do setmetatable({}, m) setmetatable({}, m) setmetatable({}, m) end
