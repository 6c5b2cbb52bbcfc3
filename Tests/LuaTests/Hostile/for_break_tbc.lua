-- expect: global 'print' is not defined
-- within: 50 ms
local mt={} local o=setmetatable({},mt) mt.__close=print for k,v in next,{1},nil,o do local function g() return k end break end
