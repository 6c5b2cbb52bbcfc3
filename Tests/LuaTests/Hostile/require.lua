-- expect: global 'require' is not defined
-- within: 50 ms
return require("os")
