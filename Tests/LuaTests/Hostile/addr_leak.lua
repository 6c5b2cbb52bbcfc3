-- expect: global 'print' is not defined
-- within: 50 ms
return tostring({}).." "..tostring(print)
