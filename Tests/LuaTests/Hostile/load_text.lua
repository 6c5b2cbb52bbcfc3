-- expect: global 'load' is not defined
-- within: 50 ms
return load("return 1")()
