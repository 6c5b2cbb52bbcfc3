-- expect: time limit|memory
-- within: 600 ms
local t = {}
for i = 1, 200 do t[("k"):rep(60000) .. (i * 7919 % 200)] = 1 end
while true do pairs(t) pairs(t) pairs(t) pairs(t) pairs(t) pairs(t) pairs(t) pairs(t) end
