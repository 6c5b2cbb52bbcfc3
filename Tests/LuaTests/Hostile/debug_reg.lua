-- expect: global 'debug' is not defined
-- within: 50 ms
return debug.getregistry()
