-- expect: global 'load' is not defined
-- within: 50 ms
return load("\27Lua")
