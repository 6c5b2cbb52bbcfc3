-- expect: global 'loadstring' is not defined
-- within: 50 ms
return loadstring("return 1")
