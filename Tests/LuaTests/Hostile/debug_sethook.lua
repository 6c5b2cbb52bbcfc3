-- expect: global 'debug' is not defined
-- within: 50 ms
debug.sethook()
