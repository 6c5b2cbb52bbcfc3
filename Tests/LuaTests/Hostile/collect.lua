-- expect: global 'collectgarbage' is not defined
-- within: 50 ms
return collectgarbage("stop")
